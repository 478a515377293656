// Shared by the door's sources: exports, error transport and the handle convention.
//
// A tensor crosses the door as an owned TensorImpl* (one reference, released by duet_tensor_free); the undefined tensor is null.
// Every exported function that can fail returns 0 on success and -1 on failure, with the message in duet_last_error.
#pragma once
#include <ATen/ATen.h>
#include <string>

#define DUET_API extern "C" __attribute__((visibility("default")))

namespace duet {

void set_last_error(const char* message);

// Runs the body; no C++ exception crosses the door.
template <typename Body>
int guarded(Body&& body) {
  try {
    body();
    return 0;
  } catch (const c10::Error& e) {
    set_last_error(e.what_without_backtrace());
  } catch (const std::exception& e) {
    set_last_error(e.what());
  } catch (...) {
    set_last_error("unknown native error");
  }
  return -1;
}

using Handle = c10::TensorImpl*;

// Gives the caller one owned reference.
inline Handle release(at::Tensor tensor) {
  return tensor.defined() ? tensor.unsafeReleaseTensorImpl() : nullptr;
}

// A tensor that takes its own reference and leaves the caller's alone.
inline at::Tensor borrow(Handle handle) {
  if (handle == nullptr) {
    return at::Tensor();
  }
  return at::Tensor(c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::unsafe_reclaim_from_nonowning(handle));
}

}  // namespace duet
