// The C ABI between C# and libtorch. One door leads to all of ATen: find an operator by its schema
// name, then call it with an array of tagged values. The rest are things that are no operators:
// handles, autograd, modes, random state, threads and devices.
//
// Conventions
//  - A tensor handle is a TensorImpl* that owns one reference. "in" handles are borrowed.
//  - Functions return 0, or a code other than 0 after which it_error() has the message.
//  - No C++ exception and no managed exception ever crosses the boundary.
#pragma once
#include <cstdint>

extern "C" {

enum ItTag : int32_t {
  IT_DEFAULT = 0,   // the default value of the operator's schema
  IT_NONE = 1,
  IT_TENSOR = 2,    // p: TensorImpl*
  IT_INT = 3,       // i (dtypes, layouts and memory formats are ints too)
  IT_DOUBLE = 4,    // d
  IT_BOOL = 5,      // i
  IT_STRING = 6,    // p: UTF-8, count bytes
  IT_INT_LIST = 7,   // p: int64_t[count]
  IT_DOUBLE_LIST = 8,
  IT_TENSOR_LIST = 9,  // p: TensorImpl*[count], null for an absent tensor
  IT_DEVICE = 10,     // i: type, count: index
  IT_GENERATOR = 11,  // p: at::Generator*
  IT_COMPLEX = 12,    // p: double[2]
  IT_BOOL_LIST = 13,   // p: int64_t[count]
};

struct ItValue {
  int32_t tag;
  int32_t count;
  union {
    int64_t i;
    double d;
    void* p;
  };
};

// Called for a node of the autograd graph or a tensor hook: handles in are owned by the callee, handles
// out are given by the callee. Returns 0, or the number of a managed exception that waits to be rethrown.
typedef int64_t (*ItBackward)(void* state, void** grads, int32_t count, void** results, int32_t result_count);
typedef int64_t (*ItHook)(void* state, void* grad, void** result);
typedef void (*ItRelease)(void* state);
}
