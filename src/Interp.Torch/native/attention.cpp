// interp::attention: softmax(scale * Q K^T + mask) V without ever holding the whole pattern.
//
// Queries are taken in blocks of 64 per head; a block's scores [64, keys] live in a small buffer of the
// thread, so memory grows with the number of keys, not with its square. Under a causal mask the keys after
// the block are not computed at all. Tensors are read and written in place through their strides: no
// transposes, no copies. Used on the CPU with libtorch before 2.1, which has no fused attention of its own.
//
//   q [batch, queries, heads, d_head]   k, v [batch, keys, kv_heads, d_head]   kv_heads divides heads
//   mask [batch or 1, heads or 1, queries or 1, keys], bool, true where a query may look; optional
//   causal: query i stands at position keys - queries + i and sees no later key
//   result [batch, queries, heads, d_head], contiguous; a query that may look nowhere gets zeros
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <torch/library.h>

#include <algorithm>
#include <cmath>
#include <vector>

extern "C" void sgemm_(const char* transa, const char* transb, const int* m, const int* n, const int* k,
                       const float* alpha, const float* a, const int* lda, const float* b, const int* ldb,
                       const float* beta, float* c, const int* ldc);

namespace {

constexpr int64_t kBlock = 64;
constexpr float kMasked = -1e30f;

// Row-major C[m,n] = alpha * A[m,k] B[n,k]^T, leading dimensions in elements.
void multiply_transposed(int m, int n, int k, float alpha, const float* a, int lda, const float* b, int ldb, float* c,
                         int ldc) {
  const float zero = 0;
  sgemm_("T", "N", &n, &m, &k, &alpha, b, &ldb, a, &lda, &zero, c, &ldc);
}

// Row-major C[m,n] = A[m,k] B[k,n].
void multiply(int m, int n, int k, const float* a, int lda, const float* b, int ldb, float* c, int ldc) {
  const float zero = 0, one = 1;
  sgemm_("N", "N", &n, &m, &k, &one, b, &ldb, a, &lda, &zero, c, &ldc);
}

// Softmax of one row in place. Entries at kMasked get 0; a row of nothing else becomes all 0.
__attribute__((target_clones("avx512f", "avx2", "default"))) void softmax_row(float* s, int64_t n) {
  float largest = kMasked;
  for (int64_t j = 0; j < n; j++) largest = std::max(largest, s[j]);
  if (largest <= kMasked) {
    std::fill(s, s + n, 0.0f);
    return;
  }
  float sum = 0;
  for (int64_t j = 0; j < n; j++) {
    s[j] = expf(s[j] - largest);  // about e^-1e30 = 0 for a masked entry
    sum += s[j];
  }
  const float factor = 1 / sum;
  for (int64_t j = 0; j < n; j++) s[j] *= factor;
}

at::Tensor attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                     const c10::optional<at::Tensor>& mask, bool causal, double scale) {
  TORCH_CHECK(q.dim() == 4 && k.dim() == 4 && v.sizes() == k.sizes(), "attention: q ", q.sizes(), ", k ", k.sizes(),
              ", v ", v.sizes(), ": expected q [batch, queries, heads, d_head] and k, v [batch, keys, kv_heads, d_head]");
  const int64_t batch = q.size(0), queries = q.size(1), heads = q.size(2), width = q.size(3);
  const int64_t keys = k.size(1), kv_heads = k.size(2);
  TORCH_CHECK(k.size(0) == batch && k.size(3) == width && kv_heads > 0 && heads % kv_heads == 0, "attention: q ",
              q.sizes(), " does not go with k ", k.sizes());
  TORCH_CHECK(!causal || keys >= queries, "attention: ", keys, " keys for ", queries, " causal queries");
  for (const auto* t : {&q, &k, &v})
    TORCH_CHECK(t->scalar_type() == at::kFloat && (t->stride(3) == 1 || width == 1),
                "attention: float32 with a dense last dimension expected");

  auto out = at::empty({batch, queries, heads, width}, q.options());
  if (out.numel() == 0) return out;
  if (keys == 0) return out.zero_();
  at::Tensor allowed;
  if (mask.has_value()) {
    TORCH_CHECK(mask->scalar_type() == at::kBool, "attention: the mask must be bool");
    allowed = mask->expand({batch, heads, queries, keys});
  }

  const float* q_data = q.data_ptr<float>();
  const float* k_data = k.data_ptr<float>();
  const float* v_data = v.data_ptr<float>();
  const bool* m_data = mask.has_value() ? allowed.data_ptr<bool>() : nullptr;
  float* o_data = out.data_ptr<float>();
  const int64_t blocks = (queries + kBlock - 1) / kBlock;

  at::parallel_for(0, batch * heads * blocks, 1, [&](int64_t begin, int64_t end) {
    std::vector<float> buffer(std::min(kBlock, queries) * keys);
    float* scores = buffer.data();
    for (int64_t task = begin; task < end; task++) {
      const int64_t block = task % blocks, head = task / blocks % heads, row = task / blocks / heads;
      const int64_t first = block * kBlock, count = std::min(kBlock, queries - first);
      const int64_t seen = causal ? keys - queries + first + count : keys;
      const int64_t kv_head = head / (heads / kv_heads);
      const float* q_block = q_data + row * q.stride(0) + first * q.stride(1) + head * q.stride(2);
      const float* k_head = k_data + row * k.stride(0) + kv_head * k.stride(2);
      const float* v_head = v_data + row * v.stride(0) + kv_head * v.stride(2);
      float* o_block = o_data + row * out.stride(0) + first * out.stride(1) + head * out.stride(2);

      multiply_transposed(count, seen, width, static_cast<float>(scale), q_block, std::max(q.stride(1), width), k_head,
                          std::max(k.stride(1), width), scores, seen);
      for (int64_t i = 0; i < count; i++) {
        float* s = scores + i * seen;
        if (causal) std::fill(s + (keys - queries + first + i + 1), s + seen, kMasked);
        if (m_data != nullptr) {
          const bool* m = m_data + row * allowed.stride(0) + head * allowed.stride(1) + (first + i) * allowed.stride(2);
          for (int64_t j = 0; j < seen; j++)
            if (!m[j * allowed.stride(3)]) s[j] = kMasked;
        }
        softmax_row(s, seen);
      }
      multiply(count, width, seen, scores, seen, v_head, std::max(v.stride(1), width), o_block, out.stride(1));
    }
  });
  return out;
}

}  // namespace

TORCH_LIBRARY(interp, library) {
  library.def("attention(Tensor q, Tensor k, Tensor v, Tensor? mask, bool causal, float scale) -> Tensor");
}
TORCH_LIBRARY_IMPL(interp, CPU, library) { library.impl("attention", attention); }
