// Sparse rows beside dense matrices, and Adam in one pass: what training a sparse dictionary spends its time on when
// every operation is a pass over memory of its own. CPU, float32 and float64.
//
// A sparse matrix [rows, width] is three tensors (compressed rows): row r has the entries from offsets[r] up to
// offsets[r + 1], each with its column and its value, the columns of a row in rising order.
//
// Every element of a result is summed by one thread in the order of the entries: the same input gives the same bits.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <torch/library.h>
#include <torch/version.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <tuple>
#include <vector>

// The widest instructions that the processor has, chosen when the library is loaded.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define CLONES __attribute__((target_clones("arch=skylake-avx512", "arch=haswell", "default")))
#else
#define CLONES
#endif

namespace {

using at::Tensor;

// libtorch had an optional of its own before 2.3.
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 3)
using OptionalTensor = std::optional<Tensor>;
#else
using OptionalTensor = c10::optional<Tensor>;
#endif

constexpr int64_t kBlock = 64;

void check(const char* name, const Tensor& t, int64_t dim, c10::ScalarType dtype) {
  TORCH_CHECK(t.dim() == dim && t.is_contiguous() && t.scalar_type() == dtype && t.device().is_cpu(), name,
              ": a contiguous CPU tensor of ", dim, " dimensions and type ", dtype, " is expected; it is ",
              t.scalar_type(), " ", t.sizes(), " with strides ", t.strides());
}

// ---- inner loops --------------------------------------------------------------------------------

// y += the sum of x[j] times row columns[j] of a table.
template <typename T>
inline __attribute__((always_inline)) void gather(T* __restrict y, const T* x, const int64_t* columns, int64_t count,
                                                  const T* table, int64_t width) {
  int64_t j = 0;
  for (; j + 4 <= count; j += 4) {
    const T *a = table + columns[j] * width, *b = table + columns[j + 1] * width, *c = table + columns[j + 2] * width,
            *d = table + columns[j + 3] * width;
    const T s = x[j], t = x[j + 1], u = x[j + 2], v = x[j + 3];
    for (int64_t k = 0; k < width; k++) y[k] += s * a[k] + t * b[k] + (u * c[k] + v * d[k]);
  }
  for (; j < count; j++) {
    const T* a = table + columns[j] * width;
    for (int64_t k = 0; k < width; k++) y[k] += x[j] * a[k];
  }
}

template <typename T>
inline __attribute__((always_inline)) void dots(T* y, const int64_t* columns, int64_t count, const T* x,
                                                const T* table, int64_t width) {
  for (int64_t j = 0; j < count; j++) {
    const T* a = table + columns[j] * width;
    T sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int64_t k = 0; k < width; k++) sum += x[k] * a[k];
    y[j] = sum;
  }
}

// keys = x * scale, or x; returns the largest.
template <typename T>
inline __attribute__((always_inline)) T scaled(T* __restrict keys, const T* x, const T* scale, int64_t count) {
  T largest = -std::numeric_limits<T>::infinity();
  if (scale != nullptr) {
#pragma omp simd reduction(max : largest)
    for (int64_t k = 0; k < count; k++) {
      keys[k] = x[k] * scale[k];
      largest = keys[k] > largest ? keys[k] : largest;
    }
  } else {
#pragma omp simd reduction(max : largest)
    for (int64_t k = 0; k < count; k++) {
      keys[k] = x[k];
      largest = keys[k] > largest ? keys[k] : largest;
    }
  }
  return largest;
}

template <typename T>
inline __attribute__((always_inline)) int64_t positive(const T* x, int64_t count) {
  int64_t sum = 0;
  for (int64_t k = 0; k < count; k++) sum += x[k] > 0;
  return sum;
}

template <typename T>
inline __attribute__((always_inline)) void adam_steps(T* p, const T* g, T* m, T* v, int64_t count, T rate, T beta1,
                                                      T beta2, T root2, T eps) {
#pragma omp simd
  for (int64_t k = 0; k < count; k++) {
    m[k] += (1 - beta1) * (g[k] - m[k]);
    v[k] = beta2 * v[k] + (1 - beta2) * g[k] * g[k];
    p[k] -= rate * (m[k] / (std::sqrt(v[k]) / root2 + eps));
  }
}

// z where f is on: what a ReLU lets through backward, with a constant for each column; and sums down the columns.
template <typename T>
inline __attribute__((always_inline)) void relu_row(T* __restrict z, const T* f, const T* add, T* __restrict z_sum,
                                                    T* __restrict f_sum, T* __restrict on, int64_t count) {
  for (int64_t k = 0; k < count; k++) {
    const bool fires = f[k] > 0;
    const T value = fires ? z[k] + add[k] : T(0);
    z[k] = value;
    z_sum[k] += value;
    f_sum[k] += f[k];
    on[k] += fires ? T(1) : T(0);
  }
}

// One function for each type, because only plain functions can be compiled for several processors.
#define FOR_TYPE(T)                                                                                                    \
  CLONES void gather_row(T* y, const T* x, const int64_t* columns, int64_t count, const T* table, int64_t width) {     \
    gather<T>(y, x, columns, count, table, width);                                                                     \
  }                                                                                                                    \
  CLONES void dot_row(T* y, const int64_t* columns, int64_t count, const T* x, const T* table, int64_t width) {        \
    dots<T>(y, columns, count, x, table, width);                                                                       \
  }                                                                                                                    \
  CLONES T scaled_block(T* keys, const T* x, const T* scale, int64_t count) { return scaled<T>(keys, x, scale, count); } \
  CLONES int64_t positive_row(const T* x, int64_t count) { return positive<T>(x, count); }                             \
  CLONES void adam_block(T* p, const T* g, T* m, T* v, int64_t count, T rate, T beta1, T beta2, T root2, T eps) {      \
    adam_steps<T>(p, g, m, v, count, rate, beta1, beta2, root2, eps);                                                  \
  }                                                                                                                    \
  CLONES void relu_block(T* z, const T* f, const T* add, T* z_sum, T* f_sum, T* on, int64_t count) {                   \
    relu_row<T>(z, f, add, z_sum, f_sum, on, count);                                                                   \
  }
FOR_TYPE(float)
FOR_TYPE(double)

// ---- the strongest entries ----------------------------------------------------------------------

template <typename T>
struct Entry {
  T key;
  int64_t place;
  // By key, and among equal keys the first.
  bool operator<(const Entry& other) const { return key > other.key || (key == other.key && place < other.place); }
};

// Keeps the `limit` first of all entries that are offered: a buffer of twice that many, cut down when it is full.
template <typename T>
struct Strongest {
  explicit Strongest(int64_t limit) : limit(limit) { entries.reserve(2 * limit); }

  void offer(T key, int64_t place) {
    if (!(key > least)) return;
    entries.push_back({key, place});
    if (static_cast<int64_t>(entries.size()) == 2 * limit) cut();
  }

  void cut() {
    if (static_cast<int64_t>(entries.size()) <= limit) return;
    std::nth_element(entries.begin(), entries.begin() + (limit - 1), entries.end());
    entries.resize(limit);
    least = entries.back().key;  // places rise: a later equal key would come behind it
  }

  int64_t limit;
  T least = 0;  // only what is positive can be on
  std::vector<Entry<T>> entries;
};

template <typename T>
void offer_row(Strongest<T>& strongest, const T* x, const T* scale, int64_t width, int64_t first) {
  T keys[kBlock];
  for (int64_t start = 0; start < width; start += kBlock) {
    const int64_t count = std::min(kBlock, width - start);
    const T largest = scaled_block(keys, x + start, scale == nullptr ? nullptr : scale + start, count);
    if (!(largest > strongest.least)) continue;
    for (int64_t k = 0; k < count; k++) strongest.offer(keys[k], first + start + k);
  }
}

template <typename T>
void by_place(std::vector<Entry<T>>& entries) {
  std::sort(entries.begin(), entries.end(), [](const Entry<T>& a, const Entry<T>& b) { return a.place < b.place; });
}

using Sparse = std::tuple<Tensor, Tensor, Tensor>;

Sparse from_counts(const Tensor& counts, c10::ScalarType dtype) {
  const int64_t rows = counts.numel();
  auto offsets = at::zeros({rows + 1}, at::kLong);
  auto* o = offsets.data_ptr<int64_t>();
  const auto* c = counts.data_ptr<int64_t>();
  for (int64_t r = 0; r < rows; r++) o[r + 1] = o[r] + c[r];
  return {offsets, at::empty({o[rows]}, at::kLong), at::empty({o[rows]}, dtype)};
}

// For every row the k entries with the largest x * scale among those above 0; the values are x.
template <typename T>
Sparse top_of_rows(const Tensor& x, const T* scale, int64_t k) {
  const int64_t rows = x.size(0), width = x.size(1);
  const T* data = x.data_ptr<T>();
  auto places = at::empty({rows, k}, at::kLong);
  auto counts = at::empty({rows}, at::kLong);
  auto* place = places.data_ptr<int64_t>();
  auto* count = counts.data_ptr<int64_t>();
  at::parallel_for(0, rows, 16, [&](int64_t begin, int64_t end) {
    for (int64_t r = begin; r < end; r++) {
      Strongest<T> strongest(k);
      offer_row(strongest, data + r * width, scale, width, 0);
      strongest.cut();
      by_place(strongest.entries);
      count[r] = strongest.entries.size();
      for (int64_t j = 0; j < count[r]; j++) place[r * k + j] = strongest.entries[j].place;
    }
  });
  auto result = from_counts(counts, x.scalar_type());
  const auto* o = std::get<0>(result).template data_ptr<int64_t>();
  auto* columns = std::get<1>(result).template data_ptr<int64_t>();
  auto* values = std::get<2>(result).template data_ptr<T>();
  at::parallel_for(0, rows, 64, [&](int64_t begin, int64_t end) {
    for (int64_t r = begin; r < end; r++)
      for (int64_t j = 0; j < count[r]; j++) {
        columns[o[r] + j] = place[r * k + j];
        values[o[r] + j] = data[r * width + place[r * k + j]];
      }
  });
  return result;
}

// The k * rows entries of the whole matrix with the largest x * scale among those above 0.
template <typename T>
Sparse top_of_all(const Tensor& x, const T* scale, int64_t k) {
  const int64_t rows = x.size(0), width = x.size(1), parts = std::max<int64_t>(1, at::get_num_threads());
  const T* data = x.data_ptr<T>();
  std::vector<Strongest<T>> found(parts, Strongest<T>(k * rows));
  at::parallel_for(0, parts, 1, [&](int64_t begin, int64_t end) {
    for (int64_t part = begin; part < end; part++)
      for (int64_t r = rows * part / parts; r < rows * (part + 1) / parts; r++)
        offer_row(found[part], data + r * width, scale, width, r * width);
  });
  auto& all = found[0];
  for (int64_t part = 1; part < parts; part++)
    all.entries.insert(all.entries.end(), found[part].entries.begin(), found[part].entries.end());
  all.cut();
  by_place(all.entries);
  auto counts = at::zeros({rows}, at::kLong);
  auto* count = counts.data_ptr<int64_t>();
  for (const auto& entry : all.entries) count[entry.place / width]++;
  auto result = from_counts(counts, x.scalar_type());
  auto* columns = std::get<1>(result).template data_ptr<int64_t>();
  auto* values = std::get<2>(result).template data_ptr<T>();
  for (size_t j = 0; j < all.entries.size(); j++) {
    columns[j] = all.entries[j].place % width;
    values[j] = data[all.entries[j].place];
  }
  return result;
}

Sparse sparse_top(const Tensor& x, const OptionalTensor& scale, int64_t k, bool across) {
  check("sparse_top: x", x, 2, x.scalar_type());
  TORCH_CHECK(k >= 1 && k <= x.size(1), "sparse_top: ", k, " of ", x.size(1), " columns");
  if (scale.has_value()) {
    check("sparse_top: scale", *scale, 1, x.scalar_type());
    TORCH_CHECK(scale->size(0) == x.size(1), "sparse_top: scale ", scale->sizes(), " for x ", x.sizes());
  }
  Sparse result;
  AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "sparse_top", [&] {
    const scalar_t* factor = scale.has_value() ? scale->data_ptr<scalar_t>() : nullptr;
    result = across ? top_of_all<scalar_t>(x, factor, k) : top_of_rows<scalar_t>(x, factor, k);
  });
  return result;
}

// All entries above 0; of more than `limit` of them no columns and values, and offsets that do not end with their
// number.
Sparse sparse_positive(const Tensor& x, int64_t limit) {
  check("sparse_positive: x", x, 2, x.scalar_type());
  const int64_t rows = x.size(0), width = x.size(1);
  Sparse result;
  AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "sparse_positive", [&] {
    const scalar_t* data = x.data_ptr<scalar_t>();
    auto counts = at::empty({rows}, at::kLong);
    auto* count = counts.data_ptr<int64_t>();
    // Where the first rows have twice the share that is allowed, the others are not counted to know that.
    const int64_t sample = std::min<int64_t>(rows, 64);
    const int64_t in_sample = positive_row(data, sample * width);
    if (sample < rows && static_cast<double>(in_sample) / sample > 2.0 * limit / rows) {
      result = from_counts(at::zeros({0}, at::kLong), x.scalar_type());
      std::get<0>(result) = at::full({1}, in_sample, at::kLong);
      return;
    }
    at::parallel_for(0, rows, 16, [&](int64_t begin, int64_t end) {
      for (int64_t r = begin; r < end; r++) count[r] = positive_row(data + r * width, width);
    });
    if (counts.sum().item<int64_t>() > limit) {
      result = from_counts(at::zeros({0}, at::kLong), x.scalar_type());
      std::get<0>(result) = at::cat({at::zeros({1}, at::kLong), counts.cumsum(0)});
      return;
    }
    result = from_counts(counts, x.scalar_type());
    const auto* o = std::get<0>(result).data_ptr<int64_t>();
    auto* columns = std::get<1>(result).data_ptr<int64_t>();
    auto* values = std::get<2>(result).data_ptr<scalar_t>();
    at::parallel_for(0, rows, 16, [&](int64_t begin, int64_t end) {
      for (int64_t r = begin; r < end; r++) {
        int64_t at = o[r];
        const scalar_t* row = data + r * width;
        for (int64_t k = 0; at < o[r + 1]; k++)
          if (row[k] > 0) {
            columns[at] = k;
            values[at++] = row[k];
          }
      }
    });
  });
  return result;
}

// ---- products -----------------------------------------------------------------------------------

void check_rows(const char* name, const Tensor& offsets, const Tensor& columns, int64_t width) {
  check(name, offsets, 1, at::kLong);
  check(name, columns, 1, at::kLong);
  const int64_t rows = offsets.numel() - 1, count = columns.numel();
  const auto* o = offsets.data_ptr<int64_t>();
  const auto* c = columns.data_ptr<int64_t>();
  TORCH_CHECK(rows >= 0 && o[0] == 0 && o[rows] == count, name, ": the offsets do not go from 0 to the ", count,
              " entries");
  for (int64_t r = 0; r < rows; r++) TORCH_CHECK(o[r] <= o[r + 1], name, ": the offsets of row ", r, " fall");
  for (int64_t j = 0; j < count; j++)
    TORCH_CHECK(c[j] >= 0 && c[j] < width, name, ": column ", c[j], " of ", width);
}

// The same entries by column: (offsets of columns, the row of each, its place among the entries given).
Sparse sparse_transpose(const Tensor& offsets, const Tensor& columns, int64_t width) {
  check_rows("sparse_transpose", offsets, columns, width);
  const int64_t rows = offsets.numel() - 1, count = columns.numel();
  auto counts = at::zeros({width}, at::kLong);
  auto* next = counts.data_ptr<int64_t>();
  const auto* o = offsets.data_ptr<int64_t>();
  const auto* c = columns.data_ptr<int64_t>();
  for (int64_t j = 0; j < count; j++) next[c[j]]++;
  auto result = from_counts(counts, at::kLong);
  const auto* start = std::get<0>(result).data_ptr<int64_t>();
  auto* row = std::get<1>(result).data_ptr<int64_t>();
  auto* from = std::get<2>(result).data_ptr<int64_t>();
  std::copy(start, start + width, next);
  for (int64_t r = 0; r < rows; r++)
    for (int64_t j = o[r]; j < o[r + 1]; j++) {
      const int64_t at = next[c[j]]++;
      row[at] = r;
      from[at] = j;
    }
  return result;
}

// Adds a sparse matrix times a dense one [width, n] to out [rows, n].
void sparse_addmm_(Tensor& out, const Tensor& offsets, const Tensor& columns, const Tensor& values,
                   const Tensor& table) {
  check("sparse_addmm_: table", table, 2, values.scalar_type());
  check("sparse_addmm_: out", out, 2, values.scalar_type());
  check_rows("sparse_addmm_", offsets, columns, table.size(0));
  check("sparse_addmm_: values", values, 1, values.scalar_type());
  TORCH_CHECK(values.numel() == columns.numel(), "sparse_addmm_: ", values.numel(), " values for ", columns.numel(),
              " columns");
  const int64_t rows = offsets.numel() - 1, width = table.size(1);
  TORCH_CHECK(out.size(0) == rows && out.size(1) == width, "sparse_addmm_: out ", out.sizes(), " for ", rows,
              " rows and a table ", table.sizes());
  AT_DISPATCH_FLOATING_TYPES(table.scalar_type(), "sparse_addmm_", [&] {
    const auto* o = offsets.data_ptr<int64_t>();
    at::parallel_for(0, rows, 16, [&](int64_t begin, int64_t end) {
      for (int64_t r = begin; r < end; r++)
        gather_row(out.data_ptr<scalar_t>() + r * width, values.data_ptr<scalar_t>() + o[r],
                   columns.data_ptr<int64_t>() + o[r], o[r + 1] - o[r], table.data_ptr<scalar_t>(), width);
    });
  });
}

// For every entry the product of its row of x with the row of the table that its column names: x times the table
// transposed, only where the sparse matrix has an entry.
Tensor sparse_dot(const Tensor& offsets, const Tensor& columns, const Tensor& x, const Tensor& table) {
  check("sparse_dot: table", table, 2, x.scalar_type());
  check("sparse_dot: x", x, 2, x.scalar_type());
  check_rows("sparse_dot", offsets, columns, table.size(0));
  const int64_t rows = offsets.numel() - 1, width = table.size(1);
  TORCH_CHECK(x.size(0) == rows && x.size(1) == width, "sparse_dot: x ", x.sizes(), " for ", rows,
              " rows and a table ", table.sizes());
  auto out = at::empty({columns.numel()}, x.options());
  AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "sparse_dot", [&] {
    const auto* o = offsets.data_ptr<int64_t>();
    at::parallel_for(0, rows, 16, [&](int64_t begin, int64_t end) {
      for (int64_t r = begin; r < end; r++)
        dot_row(out.data_ptr<scalar_t>() + o[r], columns.data_ptr<int64_t>() + o[r], o[r + 1] - o[r],
                x.data_ptr<scalar_t>() + r * width, table.data_ptr<scalar_t>(), width);
    });
  });
  return out;
}

// ---- dense --------------------------------------------------------------------------------------

// Turns the gradient z of f = ReLU(..) into that of what went in, in place: (z + add) where f > 0, else 0. Adds the
// sums down the columns of the result, of f and of [f > 0] to the three rows of `sums`.
void relu_backward_(Tensor& z, const Tensor& f, const Tensor& add, Tensor& sums) {
  check("relu_backward_: z", z, 2, z.scalar_type());
  check("relu_backward_: f", f, 2, z.scalar_type());
  check("relu_backward_: add", add, 1, z.scalar_type());
  check("relu_backward_: sums", sums, 2, z.scalar_type());
  const int64_t rows = z.size(0), width = z.size(1);
  TORCH_CHECK(f.sizes() == z.sizes() && add.size(0) == width && sums.size(0) == 3 && sums.size(1) == width,
              "relu_backward_: z ", z.sizes(), ", f ", f.sizes(), ", add ", add.sizes(), ", sums ", sums.sizes());
  AT_DISPATCH_FLOATING_TYPES(z.scalar_type(), "relu_backward_", [&] {
    scalar_t* s = sums.data_ptr<scalar_t>();
    // Columns are shared out, so that every sum has one thread.
    at::parallel_for(0, width, 512, [&](int64_t begin, int64_t end) {
      for (int64_t r = 0; r < rows; r++)
        relu_block(z.data_ptr<scalar_t>() + r * width + begin, f.data_ptr<scalar_t>() + r * width + begin,
                   add.data_ptr<scalar_t>() + begin, s + begin, s + width + begin, s + 2 * width + begin, end - begin);
    });
  });
}

// A step of Adam in one pass over memory: m, v and p in place.
void adam_(Tensor& p, const Tensor& g, Tensor& m, Tensor& v, double rate, double beta1, double beta2, double root2,
           double eps) {
  for (const Tensor* t : {&g, static_cast<const Tensor*>(&m), static_cast<const Tensor*>(&v)})
    TORCH_CHECK(t->sizes() == p.sizes() && t->strides() == p.strides() && t->scalar_type() == p.scalar_type(),
                "adam_: tensors of one shape, layout and type expected: ", p.sizes(), " and ", t->sizes());
  TORCH_CHECK(p.is_non_overlapping_and_dense(), "adam_: a tensor without gaps is expected");
  AT_DISPATCH_FLOATING_TYPES(p.scalar_type(), "adam_", [&] {
    at::parallel_for(0, p.numel(), 16384, [&](int64_t begin, int64_t end) {
      adam_block(p.data_ptr<scalar_t>() + begin, g.data_ptr<scalar_t>() + begin, m.data_ptr<scalar_t>() + begin,
                 v.data_ptr<scalar_t>() + begin, end - begin, rate, beta1, beta2, root2, eps);
    });
  });
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(interp, library) {
  library.def("sparse_top(Tensor x, Tensor? scale, int k, bool across) -> (Tensor, Tensor, Tensor)");
  library.def("sparse_positive(Tensor x, int limit) -> (Tensor, Tensor, Tensor)");
  library.def("sparse_transpose(Tensor offsets, Tensor columns, int width) -> (Tensor, Tensor, Tensor)");
  library.def("sparse_addmm_(Tensor(a!) out, Tensor offsets, Tensor columns, Tensor values, Tensor table) -> ()");
  library.def("sparse_dot(Tensor offsets, Tensor columns, Tensor x, Tensor table) -> Tensor");
  library.def("relu_backward_(Tensor(a!) z, Tensor f, Tensor add, Tensor(b!) sums) -> ()");
  library.def("adam_(Tensor(a!) p, Tensor g, Tensor(b!) m, Tensor(c!) v, float rate, float beta1, float beta2, "
              "float root2, float eps) -> ()");
}
TORCH_LIBRARY_IMPL(interp, CPU, library) {
  library.impl("sparse_top", sparse_top);
  library.impl("sparse_positive", sparse_positive);
  library.impl("sparse_transpose", sparse_transpose);
  library.impl("sparse_addmm_", sparse_addmm_);
  library.impl("sparse_dot", sparse_dot);
  library.impl("relu_backward_", relu_backward_);
  library.impl("adam_", adam_);
}
