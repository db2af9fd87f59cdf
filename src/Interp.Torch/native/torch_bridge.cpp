// See torch_bridge.h for the conventions. Compiles against libtorch 1.13 and every 2.x.
#include "torch_bridge.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <c10/core/InferenceMode.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/functions/utils.h>
#include <torch/version.h>

#include <dlfcn.h>
#include <link.h>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>
#include <memory>
#include <string>
#include <vector>

#define EXPORT extern "C" __attribute__((visibility("default")))

// libtorch had an optional of its own before 2.3; both names meant std::optional for a while.
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 3)
#include <optional>
template <typename T>
using Optional = std::optional<T>;
constexpr auto absent = std::nullopt;
#else
template <typename T>
using Optional = c10::optional<T>;
constexpr auto absent = c10::nullopt;
#endif

using at::Tensor;
using c10::IValue;
using c10::TensorImpl;
using Stack = std::vector<IValue>;

namespace {

thread_local std::string last_error;
thread_local std::vector<void*> result_handles;
thread_local std::vector<int64_t> result_ints;
thread_local std::vector<double> result_doubles;
thread_local std::string result_string;

// ---- errors -------------------------------------------------------------------------------------

template <typename F>
int guarded(F&& body) noexcept {
  try {
    body();
    return 0;
  } catch (const c10::Error& e) {
    last_error = e.what_without_backtrace();
  } catch (const std::exception& e) {
    last_error = e.what();
  } catch (...) {
    last_error = "unknown native error";
  }
  return 1;
}

// Thrown through libtorch when a managed callback failed; C# finds the exception again by its number.
[[noreturn]] void throw_managed(int64_t number) {
  throw std::runtime_error("managed exception #" + std::to_string(number));
}

// ---- handles ------------------------------------------------------------------------------------

using TensorPtr = c10::intrusive_ptr<TensorImpl, c10::UndefinedTensorImpl>;

TensorImpl* impl_of(void* handle) { return static_cast<TensorImpl*>(handle); }

// A second owner of a borrowed handle.
Tensor borrow(void* handle) {
  if (handle == nullptr) return Tensor();
  c10::raw::intrusive_ptr::incref(impl_of(handle));
  return Tensor(TensorPtr::reclaim(impl_of(handle)));
}

// Takes over the reference of a handle.
Tensor take(void* handle) {
  return handle == nullptr ? Tensor() : Tensor(TensorPtr::reclaim(impl_of(handle)));
}

void* give(Tensor tensor) { return tensor.defined() ? tensor.unsafeReleaseTensorImpl() : nullptr; }

std::vector<Tensor> borrow_all(void** handles, int32_t count) {
  std::vector<Tensor> tensors;
  tensors.reserve(count);
  for (int32_t k = 0; k < count; k++) tensors.push_back(borrow(handles[k]));
  return tensors;
}

// ---- operators ----------------------------------------------------------------------------------

enum class Kind { Tensor, TensorList, OptionalTensorList, Float, IntList, FloatList, Other };

// Shapes of signatures that are called so often that they bypass the boxed stack.
enum class Shortcut { None, TensorOnly, TensorTensor, TensorTensorAlpha };

using Unary = Tensor(const Tensor&);
using Binary = Tensor(const Tensor&, const Tensor&);
using BinaryAlpha = Tensor(const Tensor&, const Tensor&, const at::Scalar&);

struct Operator {
  c10::OperatorHandle handle;
  std::vector<Kind> kinds;
  std::vector<Optional<IValue>> defaults;
  std::string name;
  Shortcut shortcut = Shortcut::None;
  // Making one compares the C++ signature by name, so it is made once.
  Optional<c10::TypedOperatorHandle<Unary>> unary = absent;
  Optional<c10::TypedOperatorHandle<Binary>> binary = absent;
  Optional<c10::TypedOperatorHandle<BinaryAlpha>> binary_alpha = absent;
};

Shortcut shortcut_of(Operator& op) {
  const auto& kinds = op.kinds;
  const auto& schema = op.handle.schema();
  if (schema.returns().size() != 1 || schema.returns()[0].type()->kind() != c10::TypeKind::TensorType)
    return Shortcut::None;
  for (const auto& argument : schema.arguments())
    if (argument.alias_info() != nullptr && argument.alias_info()->isWrite()) return Shortcut::None;
  for (size_t k = 0; k < kinds.size() && k < 2; k++)
    if (schema.arguments()[k].type()->kind() != c10::TypeKind::TensorType) return Shortcut::None;
  try {
    if (kinds.size() == 1) return op.unary = op.handle.typed<Unary>(), Shortcut::TensorOnly;
    if (kinds.size() == 2) return op.binary = op.handle.typed<Binary>(), Shortcut::TensorTensor;
    if (kinds.size() == 3 && schema.arguments()[2].name() == "alpha")
      return op.binary_alpha = op.handle.typed<BinaryAlpha>(), Shortcut::TensorTensorAlpha;
  } catch (const c10::Error&) {
    // The kernel's C++ signature is another one: the boxed call knows better.
  }
  return Shortcut::None;
}

// A handle seen as a tensor, without counting a reference: a Tensor is nothing but the pointer.
static_assert(sizeof(Tensor) == sizeof(void*), "a Tensor is one pointer");
const Tensor& view_of(const ItValue& v) { return *reinterpret_cast<const Tensor*>(&v.p); }

Kind kind_of(const c10::TypePtr& type) {
  auto inner = type;
  if (auto optional = type->cast<c10::OptionalType>()) inner = optional->getElementType();
  switch (inner->kind()) {
    case c10::TypeKind::TensorType: return Kind::Tensor;
    case c10::TypeKind::FloatType: return Kind::Float;
    case c10::TypeKind::ListType: {
      auto element = inner->expectRef<c10::ListType>().getElementType();
      if (element->kind() == c10::TypeKind::TensorType) return Kind::TensorList;
      if (element->kind() == c10::TypeKind::OptionalType) return Kind::OptionalTensorList;
      if (element->kind() == c10::TypeKind::FloatType) return Kind::FloatList;
      return Kind::IntList;
    }
    default: return Kind::Other;
  }
}

IValue list_of_tensors(const ItValue& v, Kind kind) {
  auto handles = static_cast<void**>(v.p);
  if (kind == Kind::OptionalTensorList) {
    c10::List<Optional<Tensor>> list;
    list.reserve(v.count);
    for (int32_t k = 0; k < v.count; k++)
      list.push_back(handles[k] ? Optional<Tensor>(borrow(handles[k])) : absent);
    return IValue(std::move(list));
  }
  c10::List<Tensor> list;
  list.reserve(v.count);
  for (int32_t k = 0; k < v.count; k++) {
    TORCH_CHECK(handles[k] != nullptr, "tensor ", k, " of the list is null");
    list.push_back(borrow(handles[k]));
  }
  return IValue(std::move(list));
}

IValue to_ivalue(const ItValue& v, Kind kind) {
  switch (v.tag) {
    case IT_NONE: return IValue();
    case IT_TENSOR: return IValue(borrow(v.p));
    case IT_INT:
      if (kind == Kind::Float) return IValue(static_cast<double>(v.i));
      if (kind == Kind::IntList) return IValue(c10::List<int64_t>({v.i}));
      return IValue(v.i);
    case IT_DOUBLE: return IValue(v.d);
    case IT_BOOL: return IValue(v.i != 0);
    case IT_STRING: return IValue(std::string(static_cast<const char*>(v.p), v.count));
    case IT_INT_LIST: {
      auto data = static_cast<int64_t*>(v.p);
      if (kind == Kind::FloatList) return IValue(std::vector<double>(data, data + v.count));
      return IValue(at::IntArrayRef(data, v.count));
    }
    case IT_DOUBLE_LIST: {
      auto data = static_cast<double*>(v.p);
      return IValue(std::vector<double>(data, data + v.count));
    }
    case IT_BOOL_LIST: {
      auto data = static_cast<int64_t*>(v.p);
      c10::List<bool> list;
      for (int32_t k = 0; k < v.count; k++) list.push_back(data[k] != 0);
      return IValue(std::move(list));
    }
    case IT_TENSOR_LIST: return list_of_tensors(v, kind);
    case IT_DEVICE:
      return IValue(c10::Device(static_cast<c10::DeviceType>(v.i), static_cast<c10::DeviceIndex>(v.count)));
    case IT_GENERATOR: return IValue(*static_cast<at::Generator*>(v.p));
    case IT_COMPLEX: {
      auto data = static_cast<double*>(v.p);
      return IValue(c10::complex<double>(data[0], data[1]));
    }
    default: TORCH_CHECK(false, "unknown argument tag ", v.tag);
  }
}

void push_arguments(const Operator& op, const ItValue* args, int32_t count, Stack& stack) {
  const auto expected = static_cast<int32_t>(op.kinds.size());
  TORCH_CHECK(count <= expected, op.name, " takes ", expected, " arguments, got ", count);
  for (int32_t k = 0; k < expected; k++) {
    if (k < count && args[k].tag != IT_DEFAULT) {
      stack.push_back(to_ivalue(args[k], op.kinds[k]));
    } else {
      TORCH_CHECK(op.defaults[k].has_value(), op.name, ": argument '",
                  op.handle.schema().arguments()[k].name(), "' has no default");
      stack.push_back(*op.defaults[k]);
    }
  }
}

ItValue from_ivalue(IValue&& v) {
  ItValue out{};
  if (v.isTensor()) {
    out.tag = IT_TENSOR;
    out.p = give(std::move(v).toTensor());
  } else if (v.isInt()) {
    out.tag = IT_INT;
    out.i = v.toInt();
  } else if (v.isDouble()) {
    out.tag = IT_DOUBLE;
    out.d = v.toDouble();
  } else if (v.isBool()) {
    out.tag = IT_BOOL;
    out.i = v.toBool();
  } else if (v.isNone()) {
    out.tag = IT_NONE;
  } else if (v.isComplexDouble()) {
    auto c = v.toComplexDouble();
    result_doubles = {c.real(), c.imag()};
    out.tag = IT_COMPLEX;
    out.p = result_doubles.data();
  } else if (v.isTensorList()) {
    result_handles.clear();
    for (const Tensor& t : v.toTensorVector()) result_handles.push_back(give(t));
    out.tag = IT_TENSOR_LIST;
    out.count = static_cast<int32_t>(result_handles.size());
    out.p = result_handles.data();
  } else if (v.isIntList()) {
    result_ints = v.toIntVector();
    out.tag = IT_INT_LIST;
    out.count = static_cast<int32_t>(result_ints.size());
    out.p = result_ints.data();
  } else if (v.isString()) {
    result_string = v.toStringRef();
    out.tag = IT_STRING;
    out.count = static_cast<int32_t>(result_string.size());
    out.p = const_cast<char*>(result_string.data());
  } else {
    TORCH_CHECK(false, "a result of type ", v.tagKind(), " is not supported");
  }
  return out;
}

// The stack is kept per thread, so that a call allocates nothing; a nested call gets its own.
struct BorrowedStack {
  static Stack& slot() {
    thread_local Stack stack;
    return stack;
  }
  Stack stack;
  BorrowedStack() : stack(std::move(slot())) { stack.clear(); }
  ~BorrowedStack() {
    stack.clear();
    slot() = std::move(stack);
  }
};

// ---- autograd -----------------------------------------------------------------------------------

struct ManagedState {
  void* state;
  ItRelease release;
  ManagedState(void* s, ItRelease r) : state(s), release(r) {}
  ~ManagedState() { release(state); }
  ManagedState(const ManagedState&) = delete;
  ManagedState& operator=(const ManagedState&) = delete;
};

struct ManagedNode : torch::autograd::Node {
  ManagedNode(ItBackward f, void* state, ItRelease release, int32_t inputs)
      : backward(f), managed(new ManagedState(state, release)), input_count(inputs) {}

  torch::autograd::variable_list apply(torch::autograd::variable_list&& grads) override {
    TORCH_CHECK(managed != nullptr, "Trying to backward through the graph a second time: what a custom function saved "
                "was freed by the first pass; ask it to retain the graph");
    auto keep = managed;  // a nested backward pass may release it
    std::vector<void*> in, out(input_count, nullptr);
    for (auto& g : grads) in.push_back(give(std::move(g)));
    auto number = backward(keep->state, in.data(), static_cast<int32_t>(in.size()), out.data(), input_count);
    torch::autograd::variable_list results;
    for (auto* handle : out) results.push_back(take(handle));
    if (number != 0) throw_managed(number);
    return results;
  }

  // Called when the graph is not retained: what the managed function saved can go at once.
  void release_variables() override { managed.reset(); }

  std::string name() const override { return "ManagedFunction"; }

  ItBackward backward;
  std::shared_ptr<ManagedState> managed;
  int32_t input_count;
};

c10::Device device_of(int32_t type, int32_t index) {
  return c10::Device(static_cast<c10::DeviceType>(type), static_cast<c10::DeviceIndex>(index));
}

}  // namespace

// ---- library ------------------------------------------------------------------------------------

EXPORT const char* it_error() { return last_error.c_str(); }
EXPORT const char* it_version() { return TORCH_VERSION; }

// Large tensors stay with the process instead of being handed back to the kernel and faulted in again
// at the next step. Where malloc is not glibc's this does nothing.
EXPORT void it_tune_malloc() {
#if defined(__GLIBC__)
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, 2000 * 1024 * 1024);
  mallopt(M_TOP_PAD, 64 * 1024 * 1024);
#endif
}
// Loading reads most of libtorch once: relocations, tables of symbols, constructors. Those pages come from its file and
// are given up; what is used again is mapped again from the page cache, in groups. Only the segments that the library
// says are never written, and of no other library: the .NET runtime patches its own code.
EXPORT void it_forget_loading() {
#if defined(__GLIBC__)
  Dl_info torch;
  if (!dladdr(reinterpret_cast<void*>(static_cast<int (*)()>(at::get_num_threads)), &torch)) return;
  dl_iterate_phdr([](dl_phdr_info* library, size_t, void* base) {
    if (reinterpret_cast<void*>(library->dlpi_addr) != base) return 0;
    const auto page = static_cast<uintptr_t>(getpagesize());
    for (int k = 0; k < library->dlpi_phnum; k++) {
      const auto& segment = library->dlpi_phdr[k];
      if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W)) continue;
      const auto from = (library->dlpi_addr + segment.p_vaddr + page - 1) & ~(page - 1);
      const auto to = (library->dlpi_addr + segment.p_vaddr + segment.p_memsz) & ~(page - 1);
      if (to > from) madvise(reinterpret_cast<void*>(from), to - from, MADV_DONTNEED);
    }
    return 1;
  }, torch.dli_fbase);
#endif
}
EXPORT void it_trim_malloc() {
#if defined(__GLIBC__)
  malloc_trim(0);
#endif
}

EXPORT int32_t it_get_num_threads() { return at::get_num_threads(); }
EXPORT int it_set_num_threads(int32_t n) { return guarded([&] { at::set_num_threads(n); }); }

// ---- operators ----------------------------------------------------------------------------------

EXPORT int it_find(const char* name, const char* overload, void** out) {
  return guarded([&] {
    auto handle = c10::Dispatcher::singleton().findSchemaOrThrow(name, overload);
    auto op = std::unique_ptr<Operator>(new Operator{handle, {}, {}, name});
    for (const auto& argument : handle.schema().arguments()) {
      op->kinds.push_back(kind_of(argument.type()));
      op->defaults.push_back(argument.default_value());
    }
    op->shortcut = shortcut_of(*op);
    *out = op.release();
  });
}

EXPORT int it_schema(void* op, const char** out) {
  return guarded([&] {
    result_string = c10::toString(static_cast<Operator*>(op)->handle.schema());
    *out = result_string.c_str();
  });
}

EXPORT int it_call(void* op_handle, const ItValue* args, int32_t count, ItValue* results, int32_t capacity,
                   int32_t* result_count) {
  return guarded([&] {
    const auto& op = *static_cast<Operator*>(op_handle);
    BorrowedStack borrowed;
    auto& stack = borrowed.stack;
    push_arguments(op, args, count, stack);
    op.handle.callBoxed(&stack);
    TORCH_CHECK(static_cast<int32_t>(stack.size()) <= capacity, op.name, " has ", stack.size(), " results");
    *result_count = static_cast<int32_t>(stack.size());
    for (size_t k = 0; k < stack.size(); k++) results[k] = from_ivalue(std::move(stack[k]));
  });
}

// The common case, an operator with exactly one tensor as its result.
EXPORT int it_call1(void* op_handle, const ItValue* args, int32_t count, void** result) {
  return guarded([&] {
    const auto& op = *static_cast<Operator*>(op_handle);
    if (op.shortcut == Shortcut::TensorOnly && count == 1 && args[0].tag == IT_TENSOR) {
      *result = give(op.unary->call(view_of(args[0])));
      return;
    }
    if (count == 2 && args[0].tag == IT_TENSOR && args[1].tag == IT_TENSOR) {
      if (op.shortcut == Shortcut::TensorTensor) {
        *result = give(op.binary->call(view_of(args[0]), view_of(args[1])));
        return;
      }
      if (op.shortcut == Shortcut::TensorTensorAlpha) {
        *result = give(op.binary_alpha->call(view_of(args[0]), view_of(args[1]), 1));
        return;
      }
    }
    BorrowedStack borrowed;
    auto& stack = borrowed.stack;
    push_arguments(op, args, count, stack);
    op.handle.callBoxed(&stack);
    TORCH_CHECK(stack.size() == 1 && stack[0].isTensor(), op.name, " does not return one tensor");
    *result = give(std::move(stack[0]).toTensor());
  });
}

// ---- tensors ------------------------------------------------------------------------------------

EXPORT void it_release(void* handle) {
  if (handle != nullptr) take(handle);
}
EXPORT void it_retain(void* handle) { c10::raw::intrusive_ptr::incref(impl_of(handle)); }
EXPORT int64_t it_dim(void* handle) { return impl_of(handle)->dim(); }
EXPORT int64_t it_numel(void* handle) { return impl_of(handle)->numel(); }
EXPORT void it_sizes(void* handle, int64_t* out) {
  for (auto s : impl_of(handle)->sizes()) *out++ = s;
}
EXPORT int it_strides(void* handle, int64_t* out) {
  return guarded([&] {
    for (auto s : impl_of(handle)->strides()) *out++ = s;
  });
}
EXPORT int32_t it_dtype(void* handle) {
  return static_cast<int32_t>(c10::typeMetaToScalarType(impl_of(handle)->dtype()));
}
EXPORT void it_device(void* handle, int32_t* type, int32_t* index) {
  auto device = impl_of(handle)->device();
  *type = static_cast<int32_t>(device.type());
  *index = device.index();
}
EXPORT int it_data(void* handle, void** out) {
  return guarded([&] { *out = borrow(handle).data_ptr(); });
}
EXPORT int it_storage(void* handle, void** pointer, int64_t* bytes) {
  return guarded([&] {
    auto tensor = borrow(handle);
    *pointer = const_cast<void*>(static_cast<const void*>(tensor.storage().data()));
    *bytes = static_cast<int64_t>(tensor.storage().nbytes());
  });
}
EXPORT int it_is_contiguous(void* handle, int32_t* out) {
  return guarded([&] { *out = impl_of(handle)->is_contiguous(); });
}
EXPORT int it_version_counter(void* handle, int64_t* out) {
  return guarded([&] { *out = borrow(handle)._version(); });
}

// ATen computes the extent where an exception would end the process, so it is checked here.
static void check_extent(const int64_t* sizes, const int64_t* strides, int32_t dim) {
  int64_t last = 0;
  for (int32_t k = 0; k < dim; k++) {
    TORCH_CHECK(sizes[k] >= 0 && strides[k] >= 0, "negative size or stride: sizes ", at::IntArrayRef(sizes, dim),
                ", strides ", at::IntArrayRef(strides, dim));
    int64_t reach = 0;
    TORCH_CHECK(sizes[k] == 0 || (!__builtin_mul_overflow(sizes[k] - 1, strides[k], &reach) &&
                !__builtin_add_overflow(last, reach, &last) && last < INT64_MAX / 32),
                "sizes ", at::IntArrayRef(sizes, dim), " are more than any memory");
  }
}

EXPORT int it_from_blob(void* data, const int64_t* sizes, const int64_t* strides, int32_t dim, int32_t dtype,
                        void* state, ItRelease release, void** out) {
  // Shared with the storage, so that it runs once however this ends.
  auto managed = std::make_shared<ManagedState>(state, release);
  return guarded([&] {
    check_extent(sizes, strides, dim);
    auto options = at::TensorOptions().dtype(static_cast<c10::ScalarType>(dtype));
    auto deleter = [managed](void*) mutable { managed.reset(); };
    *out = give(at::from_blob(data, at::IntArrayRef(sizes, dim), at::IntArrayRef(strides, dim), deleter, options));
  });
}

// ---- autograd -----------------------------------------------------------------------------------

EXPORT int32_t it_requires_grad(void* handle) { return impl_of(handle)->requires_grad(); }
EXPORT int it_set_requires_grad(void* handle, int32_t on) {
  return guarded([&] { borrow(handle).set_requires_grad(on != 0); });
}
EXPORT int it_is_leaf(void* handle, int32_t* out) {
  return guarded([&] { *out = borrow(handle).is_leaf(); });
}
EXPORT int it_grad(void* handle, void** out) {
  return guarded([&] { *out = give(borrow(handle).grad()); });
}
EXPORT int it_set_grad(void* handle, void* grad) {
  return guarded([&] { borrow(handle).mutable_grad() = borrow(grad); });
}
EXPORT int it_grad_fn(void* handle, const char** out) {
  return guarded([&] {
    auto fn = borrow(handle).grad_fn();
    result_string = fn ? fn->name() : std::string();
    *out = result_string.c_str();
  });
}
EXPORT int it_backward(void** tensors, void** grads, int32_t count, int32_t retain_graph, int32_t create_graph) {
  return guarded([&] {
    torch::autograd::backward(borrow_all(tensors, count), borrow_all(grads, count), retain_graph != 0,
                              create_graph != 0);
  });
}
EXPORT int it_autograd_grad(void** outputs, void** grads, int32_t count, void** inputs, int32_t input_count,
                            int32_t retain_graph, int32_t create_graph, int32_t allow_unused, void** results) {
  return guarded([&] {
    auto found = torch::autograd::grad(borrow_all(outputs, count), borrow_all(inputs, input_count),
                                       borrow_all(grads, count), retain_graph != 0, create_graph != 0,
                                       allow_unused != 0);
    for (int32_t k = 0; k < input_count; k++) results[k] = give(std::move(found[k]));
  });
}
// Makes the outputs results of a managed function of the inputs. The outputs are fresh tensors without
// history. Takes over `state` in every case.
EXPORT int it_set_history(void** outputs, int32_t count, void** inputs, int32_t input_count, ItBackward backward,
                          void* state, ItRelease release) {
  return guarded([&] {
    auto node = std::shared_ptr<ManagedNode>(new ManagedNode(backward, state, release, input_count),
                                             torch::autograd::deleteNode);
    auto variables = borrow_all(inputs, input_count);
    node->set_next_edges(torch::autograd::collect_next_edges(variables));
    for (int32_t k = 0; k < count; k++) {
      auto output = borrow(outputs[k]);
      if (c10::isFloatingType(output.scalar_type()) || c10::isComplexType(output.scalar_type()))
        torch::autograd::set_history(output, node);
    }
  });
}
EXPORT int it_register_hook(void* handle, ItHook hook, void* state, ItRelease release, int32_t* out) {
  auto managed = std::make_shared<ManagedState>(state, release);
  return guarded([&] {
    auto call = [hook, managed](Tensor grad) -> Tensor {
      void* result = nullptr;
      auto number = hook(managed->state, give(std::move(grad)), &result);
      auto replaced = take(result);
      if (number != 0) throw_managed(number);
      return replaced;
    };
    *out = static_cast<int32_t>(borrow(handle).register_hook(call));
  });
}
EXPORT int it_remove_hook(void* handle, int32_t position) {
  return guarded([&] { borrow(handle).remove_hook(static_cast<unsigned>(position)); });
}

EXPORT int32_t it_grad_enabled() { return at::GradMode::is_enabled(); }
EXPORT void it_set_grad_enabled(int32_t on) { at::GradMode::set_enabled(on != 0); }
EXPORT void* it_inference_begin(int32_t on) { return new c10::InferenceMode(on != 0); }
EXPORT void it_inference_end(void* guard) { delete static_cast<c10::InferenceMode*>(guard); }
EXPORT int32_t it_is_inference(void* handle) { return impl_of(handle)->is_inference(); }

// ---- random state -------------------------------------------------------------------------------

EXPORT int it_generator_new(int32_t type, int32_t index, uint64_t seed, void** out) {
  return guarded([&] {
    auto generator = at::globalContext().defaultGenerator(device_of(type, index)).clone();
    generator.set_current_seed(seed);
    *out = new at::Generator(std::move(generator));
  });
}
EXPORT int it_generator_default(int32_t type, int32_t index, void** out) {
  return guarded([&] { *out = new at::Generator(at::globalContext().defaultGenerator(device_of(type, index))); });
}
EXPORT void it_generator_release(void* generator) { delete static_cast<at::Generator*>(generator); }
EXPORT int it_generator_seed(void* generator, uint64_t seed) {
  return guarded([&] {
    auto& g = *static_cast<at::Generator*>(generator);
    std::lock_guard<std::mutex> lock(g.mutex());
    g.set_current_seed(seed);
  });
}
EXPORT int it_generator_get_state(void* generator, void** out) {
  return guarded([&] {
    auto& g = *static_cast<at::Generator*>(generator);
    std::lock_guard<std::mutex> lock(g.mutex());
    *out = give(g.get_state());
  });
}
EXPORT int it_generator_set_state(void* generator, void* state) {
  return guarded([&] {
    auto& g = *static_cast<at::Generator*>(generator);
    std::lock_guard<std::mutex> lock(g.mutex());
    g.set_state(borrow(state));
  });
}

// ---- devices ------------------------------------------------------------------------------------

EXPORT int32_t it_device_count(int32_t type) {
  auto device = static_cast<c10::DeviceType>(type);
  if (device == c10::DeviceType::CPU) return 1;
  if (!c10::impl::hasDeviceGuardImpl(device)) return 0;
  return c10::impl::getDeviceGuardImpl(device)->deviceCount();
}
EXPORT int it_synchronize(int32_t type, int32_t index) {
  return guarded([&] {
    auto device = device_of(type, index);
    if (device.is_cpu()) return;
    auto* guard = c10::impl::getDeviceGuardImpl(device.type());
    guard->synchronizeStream(guard->getStream(device));
  });
}
