// Kernels of our own, registered with the dispatcher as duet::... so that they are called like every other operator.
//
// duet::adamw_  one pass over parameter, gradient and both moments of every tensor of a group (Loshchilov and Hutter,
//               arXiv 1711.05101, algorithm 2); libtorch 1.13 has no fused optimiser on the CPU.
// duet::dropout dropout whose mask is a hash of (seed, position): nothing is stored, backward computes it again. One number is drawn
//               from libtorch's generator per call, so that saving the generator's state is enough to repeat a run.
// duet::quick_gelu  x sigmoid(1.702 x) in one pass each way.
#include "door.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include <cmath>
#include <cstring>

namespace {

struct AdamStep {
  float decay, beta1, beta2, step_size, correction2, epsilon, scale;
};

void adamw_range(float* __restrict parameter, const float* __restrict gradient, float* __restrict first, float* __restrict second,
                 int64_t count, const AdamStep& s) {
  for (int64_t i = 0; i < count; i++) {
    const float g = gradient[i] * s.scale;
    const float m = s.beta1 * first[i] + (1.0f - s.beta1) * g;
    const float v = s.beta2 * second[i] + (1.0f - s.beta2) * g * g;
    first[i] = m;
    second[i] = v;
    parameter[i] = parameter[i] * s.decay - s.step_size * m / (std::sqrt(v) * s.correction2 + s.epsilon);
  }
}

void adamw_(at::TensorList parameters, at::TensorList gradients, at::TensorList firsts, at::TensorList seconds, double learning_rate,
            double beta1, double beta2, double epsilon, double weight_decay, int64_t step, double gradient_scale) {
  const AdamStep s{
      static_cast<float>(1.0 - learning_rate * weight_decay),
      static_cast<float>(beta1),
      static_cast<float>(beta2),
      static_cast<float>(learning_rate / (1.0 - std::pow(beta1, static_cast<double>(step)))),
      static_cast<float>(1.0 / std::sqrt(1.0 - std::pow(beta2, static_cast<double>(step)))),
      static_cast<float>(epsilon),
      static_cast<float>(gradient_scale)};
  for (size_t k = 0; k < parameters.size(); k++) {
    const auto gradient = gradients[k].contiguous();
    TORCH_CHECK(parameters[k].is_contiguous() && parameters[k].scalar_type() == at::kFloat && gradient.scalar_type() == at::kFloat,
                "duet::adamw_ takes contiguous float32 parameters");
    auto* p = parameters[k].data_ptr<float>();
    const auto* g = gradient.data_ptr<float>();
    auto* m = firsts[k].data_ptr<float>();
    auto* v = seconds[k].data_ptr<float>();
    at::parallel_for(0, parameters[k].numel(), 1 << 15, [&](int64_t begin, int64_t end) {
      adamw_range(p + begin, g + begin, m + begin, v + begin, end - begin, s);
    });
  }
}

// "Lowbias32" mixing of a 32-bit counter: every output bit depends on every input bit.
inline uint32_t mix(uint32_t x) {
  x ^= x >> 16;
  x *= 0x7feb352dU;
  x ^= x >> 15;
  x *= 0x846ca68bU;
  x ^= x >> 16;
  return x;
}

template <typename T>
void dropout_range(const T* input, T* output, int64_t begin, int64_t end, uint64_t seed, uint32_t threshold, float scale) {
  // Blocks of 2^32 elements take another key, so that positions never repeat.
  const auto low = static_cast<uint32_t>(seed);
  const auto high = static_cast<uint32_t>(seed >> 32);
  for (int64_t i = begin; i < end; i++) {
    const uint32_t key = high + static_cast<uint32_t>(static_cast<uint64_t>(i) >> 32) * 0x9e3779b9U;
    const uint32_t random = mix((static_cast<uint32_t>(i) ^ low) + key);
    output[i] = static_cast<T>(random >= threshold ? static_cast<float>(input[i]) * scale : 0.0f);
  }
}

at::Tensor apply_dropout(const at::Tensor& input, double probability, int64_t seed) {
  const auto source = input.contiguous();
  auto output = at::empty_like(source);
  const auto threshold = static_cast<uint32_t>(std::min(probability * 4294967296.0, 4294967295.0));
  const auto scale = static_cast<float>(1.0 / (1.0 - probability));
  AT_DISPATCH_FLOATING_TYPES_AND(at::kBFloat16, source.scalar_type(), "duet_dropout", [&] {
    const auto* from = source.data_ptr<scalar_t>();
    auto* to = output.data_ptr<scalar_t>();
    at::parallel_for(0, source.numel(), 1 << 14, [&](int64_t begin, int64_t end) {
      dropout_range(from, to, begin, end, static_cast<uint64_t>(seed), threshold, scale);
    });
  });
  return output;
}

struct DropoutFunction : torch::autograd::Function<DropoutFunction> {
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& input, double probability, int64_t seed) {
    context->saved_data["probability"] = probability;
    context->saved_data["seed"] = seed;
    at::AutoDispatchBelowADInplaceOrView guard;
    return apply_dropout(input, probability, seed);
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context, torch::autograd::variable_list gradients) {
    return {apply_dropout(gradients[0], context->saved_data["probability"].toDouble(), context->saved_data["seed"].toInt()), {}, {}};
  }
};

int64_t draw_seed() {
  auto generator = at::detail::getDefaultCPUGenerator();
  std::lock_guard<std::mutex> lock(generator.mutex());
  return static_cast<int64_t>(at::check_generator<at::CPUGeneratorImpl>(generator)->random64());
}

at::Tensor dropout(const at::Tensor& input, double probability) { return apply_dropout(input, probability, draw_seed()); }

at::Tensor dropout_autograd(const at::Tensor& input, double probability) {
  return DropoutFunction::apply(input, probability, draw_seed());
}

template <typename T, typename Body>
void elementwise(const at::Tensor& input, at::Tensor& output, Body&& body) {
  const auto* from = input.data_ptr<T>();
  auto* to = output.data_ptr<T>();
  at::parallel_for(0, input.numel(), 1 << 13, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      to[i] = static_cast<T>(body(static_cast<float>(from[i]), i));
    }
  });
}

constexpr float quick = 1.702f;

// e^x by Cody and Waite's reduction and a polynomial (relative error below 2e-7). Unlike libm's expf it is branch-free and inline, so the
// loops around it become vector code. NaN stays NaN.
inline float exponential(float x) {
  x = x > 88.0f ? 88.0f : x;
  x = x < -87.0f ? -87.0f : x;
  const float n = std::nearbyint(x * 1.44269504f);
  const float r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  const int32_t bits = (static_cast<int32_t>(n) + 127) << 23;
  float power;
  std::memcpy(&power, &bits, sizeof(power));
  return p * power;
}

inline float logistic(float x) { return 1.0f / (1.0f + exponential(-x)); }

at::Tensor quick_gelu(const at::Tensor& input) {
  // Doubles keep libtorch's own arithmetic: they are for checks, not for speed.
  if (input.scalar_type() == at::kDouble) {
    return input * at::sigmoid(input * 1.702);
  }
  const auto source = input.contiguous();
  auto output = at::empty_like(source);
  AT_DISPATCH_SWITCH(source.scalar_type(), "duet_quick_gelu",
    AT_DISPATCH_CASE(at::kFloat, [&] { elementwise<scalar_t>(source, output, [](float x, int64_t) { return x * logistic(quick * x); }); })
    AT_DISPATCH_CASE(at::kBFloat16, [&] { elementwise<scalar_t>(source, output, [](float x, int64_t) { return x * logistic(quick * x); }); }));
  return output;
}

at::Tensor quick_gelu_gradient(const at::Tensor& input, const at::Tensor& gradient) {
  const auto source = input.contiguous();
  const auto outer = gradient.contiguous();
  auto output = at::empty_like(source);
  auto body = [](auto* g) {
    return [g](float x, int64_t i) {
      const float s = logistic(quick * x);
      return static_cast<float>(g[i]) * (s + quick * x * s * (1.0f - s));
    };
  };
  AT_DISPATCH_SWITCH(source.scalar_type(), "duet_quick_gelu_gradient",
    AT_DISPATCH_CASE(at::kFloat, [&] { elementwise<scalar_t>(source, output, body(outer.data_ptr<scalar_t>())); })
    AT_DISPATCH_CASE(at::kBFloat16, [&] { elementwise<scalar_t>(source, output, body(outer.data_ptr<scalar_t>())); }));
  return output;
}

struct QuickGeluFunction : torch::autograd::Function<QuickGeluFunction> {
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& input) {
    context->save_for_backward({input});
    at::AutoDispatchBelowADInplaceOrView guard;
    return quick_gelu(input);
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context, torch::autograd::variable_list gradients) {
    return {quick_gelu_gradient(context->get_saved_variables()[0], gradients[0])};
  }
};

at::Tensor quick_gelu_autograd(const at::Tensor& input) {
  return input.scalar_type() == at::kDouble ? input * at::sigmoid(input * 1.702) : QuickGeluFunction::apply(input);
}

}  // namespace

TORCH_LIBRARY(duet, m) {
  m.def(
      "adamw_(Tensor(a!)[] parameters, Tensor[] gradients, Tensor(b!)[] firsts, Tensor(c!)[] seconds, float learning_rate, float beta1, "
      "float beta2, float epsilon, float weight_decay, int step, float gradient_scale) -> ()");
  m.def("dropout(Tensor input, float probability) -> Tensor");
  m.def("quick_gelu(Tensor input) -> Tensor");
}

TORCH_LIBRARY_IMPL(duet, CPU, m) {
  m.impl("adamw_", adamw_);
  m.impl("dropout", dropout);
  m.impl("quick_gelu", quick_gelu);
}

TORCH_LIBRARY_IMPL(duet, AutogradCPU, m) {
  m.impl("dropout", dropout_autograd);
  m.impl("quick_gelu", quick_gelu_autograd);
}
