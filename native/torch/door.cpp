// The door proper: finding an operator by name, calling it boxed, and tensors as handles.
#include "door.h"

#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/ivalue.h>
#include <torch/csrc/autograd/autograd.h>

#include <cstring>
#include <vector>

namespace duet {

static thread_local std::string last_error;

void set_last_error(const char* message) { last_error = message; }

// Mirrors Duet.Torch.Native.NativeValue.
enum Tag : int32_t { None, TensorTag, Int, Double, Bool, IntList, DoubleList, TensorList, String, Device, Default };

struct Value {
  int32_t tag;
  int32_t reserved;
  int64_t size;
  union {
    int64_t i;
    double d;
    void* p;
  };
};

static bool takes_optional_tensors(const c10::Argument& argument) {
  auto list = argument.type()->cast<c10::ListType>();
  return list != nullptr && list->getElementType()->kind() == c10::TypeKind::OptionalType;
}

static bool takes_float(const c10::Argument& argument) {
  auto type = argument.type();
  if (auto optional = type->cast<c10::OptionalType>()) {
    type = optional->getElementType();
  }
  return type->kind() == c10::TypeKind::FloatType;
}

static c10::IValue tensor_list(const Value& value, const c10::Argument& argument) {
  auto handles = static_cast<Handle*>(value.p);
  if (takes_optional_tensors(argument)) {
    c10::List<c10::optional<at::Tensor>> list;
    list.reserve(value.size);
    for (int64_t k = 0; k < value.size; k++) {
      list.push_back(handles[k] == nullptr ? c10::optional<at::Tensor>() : c10::optional<at::Tensor>(borrow(handles[k])));
    }
    return list;
  }
  c10::List<at::Tensor> list;
  list.reserve(value.size);
  for (int64_t k = 0; k < value.size; k++) {
    list.push_back(borrow(handles[k]));
  }
  return list;
}

static c10::IValue to_ivalue(const Value& value, const c10::Argument& argument) {
  switch (value.tag) {
    case None:
      return c10::IValue();
    case TensorTag:
      return borrow(static_cast<Handle>(value.p));
    case Int:
      return takes_float(argument) ? c10::IValue(static_cast<double>(value.i)) : c10::IValue(value.i);
    case Double:
      return value.d;
    case Bool:
      return value.i != 0;
    case IntList:
      return c10::IValue(c10::ArrayRef<int64_t>(static_cast<int64_t*>(value.p), value.size));
    case DoubleList:
      return c10::IValue(c10::ArrayRef<double>(static_cast<double*>(value.p), value.size).vec());
    case TensorList:
      return tensor_list(value, argument);
    case String:
      return std::string(static_cast<const char*>(value.p), value.size);
    case Device:
      return c10::Device(static_cast<c10::DeviceType>(value.i >> 8), static_cast<c10::DeviceIndex>(static_cast<int8_t>(value.i & 0xff)));
    case Default:
      TORCH_CHECK(argument.default_value().has_value(), "argument '", argument.name(), "' has no default");
      return *argument.default_value();
    default:
      TORCH_CHECK(false, "unknown value tag ", value.tag);
  }
}

static Value to_value(c10::IValue&& ivalue) {
  Value value{};
  if (ivalue.isNone()) {
    value.tag = None;
  } else if (ivalue.isTensor()) {
    value.tag = TensorTag;
    value.p = release(std::move(ivalue).toTensor());
  } else if (ivalue.isInt()) {
    value.tag = Int;
    value.i = ivalue.toInt();
  } else if (ivalue.isDouble()) {
    value.tag = Double;
    value.d = ivalue.toDouble();
  } else if (ivalue.isBool()) {
    value.tag = Bool;
    value.i = ivalue.toBool() ? 1 : 0;
  } else if (ivalue.isTensorList()) {
    auto tensors = ivalue.toTensorVector();
    auto handles = static_cast<Handle*>(std::malloc(sizeof(Handle) * std::max<size_t>(tensors.size(), 1)));
    for (size_t k = 0; k < tensors.size(); k++) {
      handles[k] = release(std::move(tensors[k]));
    }
    value.tag = TensorList;
    value.size = static_cast<int64_t>(tensors.size());
    value.p = handles;
  } else {
    TORCH_CHECK(false, "a result of type ", ivalue.tagKind(), " does not cross the door");
  }
  return value;
}

}  // namespace duet

using namespace duet;

DUET_API const char* duet_last_error() { return last_error.c_str(); }

DUET_API int duet_operator_find(const char* name, const char* overload, c10::OperatorHandle** result) {
  return guarded([&] { *result = new c10::OperatorHandle(c10::Dispatcher::singleton().findSchemaOrThrow(name, overload)); });
}

// Missing trailing arguments take the schema's defaults, so that one caller fits several libtorch versions.
DUET_API int duet_operator_call(c10::OperatorHandle* op, const Value* args, int32_t count, Value* results, int32_t capacity, int32_t* produced) {
  return guarded([&] {
    const auto& schema = op->schema();
    const auto& arguments = schema.arguments();
    TORCH_CHECK(static_cast<size_t>(count) <= arguments.size(), schema.name(), " takes ", arguments.size(), " arguments, not ", count);
    torch::jit::Stack stack;
    stack.reserve(arguments.size());
    for (size_t k = 0; k < arguments.size(); k++) {
      if (k < static_cast<size_t>(count)) {
        stack.push_back(to_ivalue(args[k], arguments[k]));
      } else {
        TORCH_CHECK(arguments[k].default_value().has_value(), schema.name(), ": argument '", arguments[k].name(), "' is missing");
        stack.push_back(*arguments[k].default_value());
      }
    }
    op->callBoxed(&stack);
    TORCH_CHECK(stack.size() <= static_cast<size_t>(capacity), schema.name(), " gives ", stack.size(), " results");
    for (size_t k = 0; k < stack.size(); k++) {
      results[k] = to_value(std::move(stack[k]));
    }
    *produced = static_cast<int32_t>(stack.size());
  });
}

DUET_API void duet_free(void* memory) { std::free(memory); }

// A new CPU tensor with a copy of `bytes` bytes of `data`, or uninitialised where data is null.
DUET_API int duet_tensor_new(const void* data, int64_t bytes, const int64_t* sizes, int32_t dims, int32_t dtype, Handle* result) {
  return guarded([&] {
    auto tensor = at::empty(c10::IntArrayRef(sizes, dims), at::TensorOptions().dtype(static_cast<c10::ScalarType>(dtype)));
    if (data != nullptr) {
      TORCH_CHECK(static_cast<int64_t>(tensor.nbytes()) == bytes, "the shape needs ", tensor.nbytes(), " bytes, not ", bytes);
      std::memcpy(tensor.data_ptr(), data, bytes);
    }
    *result = release(std::move(tensor));
  });
}

DUET_API void duet_tensor_free(Handle handle) {
  if (handle != nullptr) {
    c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim(handle);
  }
}

DUET_API Handle duet_tensor_alias(Handle handle) { return release(borrow(handle)); }
DUET_API int32_t duet_tensor_dtype(Handle handle) { return static_cast<int32_t>(borrow(handle).scalar_type()); }
DUET_API int64_t duet_tensor_numel(Handle handle) { return handle->numel(); }
DUET_API int32_t duet_tensor_dim(Handle handle) { return static_cast<int32_t>(handle->dim()); }
DUET_API int32_t duet_tensor_contiguous(Handle handle) { return handle->is_contiguous() ? 1 : 0; }
DUET_API int64_t duet_tensor_size(Handle handle, int32_t dim) { return handle->sizes()[dim]; }

DUET_API int32_t duet_tensor_device(Handle handle) {
  auto device = handle->device();
  return (static_cast<int32_t>(device.type()) << 8) | (static_cast<int32_t>(device.index()) & 0xff);
}

DUET_API int duet_tensor_data(Handle handle, void** data) {
  return guarded([&] { *data = borrow(handle).data_ptr(); });
}

DUET_API int32_t duet_tensor_requires_grad(Handle handle) { return borrow(handle).requires_grad() ? 1 : 0; }

DUET_API int duet_tensor_set_requires_grad(Handle handle, int32_t value) {
  return guarded([&] { borrow(handle).set_requires_grad(value != 0); });
}

DUET_API int duet_tensor_grad(Handle handle, Handle* grad) {
  return guarded([&] { *grad = release(borrow(handle).grad()); });
}

DUET_API int duet_tensor_set_grad(Handle handle, Handle grad) {
  return guarded([&] { borrow(handle).mutable_grad() = borrow(grad); });
}

// Lets the tensor hold other data (another device or type) while it keeps its identity as a parameter.
DUET_API int duet_tensor_set_data(Handle handle, Handle data) {
  return guarded([&] { borrow(handle).set_data(borrow(data)); });
}

DUET_API int duet_tensor_backward(Handle handle, Handle gradient, int32_t retain_graph) {
  return guarded([&] {
    torch::autograd::backward({borrow(handle)}, {borrow(gradient)}, retain_graph != 0, false);
  });
}

// Gradients of outputs with respect to inputs, without touching .grad; unused inputs give null.
DUET_API int duet_autograd_grad(const Handle* outputs, const Handle* grad_outputs, int32_t output_count, const Handle* inputs,
                                int32_t input_count, int32_t retain_graph, int32_t create_graph, Handle* results) {
  return guarded([&] {
    std::vector<at::Tensor> roots, grads, leaves;
    for (int32_t k = 0; k < output_count; k++) {
      roots.push_back(borrow(outputs[k]));
      grads.push_back(grad_outputs == nullptr ? at::Tensor() : borrow(grad_outputs[k]));
    }
    for (int32_t k = 0; k < input_count; k++) {
      leaves.push_back(borrow(inputs[k]));
    }
    auto found = torch::autograd::grad(roots, leaves, grads, retain_graph != 0, create_graph != 0, true);
    for (int32_t k = 0; k < input_count; k++) {
      results[k] = release(std::move(found[k]));
    }
  });
}
