// The door is error_shape.h.
#include "adapters/gateway/error_shape.h"

#include <nlohmann/json.hpp>

namespace hpol::gateway {
namespace {

using nlohmann::ordered_json;

// A JSON key of the caller may be in there, so bytes that are no UTF-8 are replaced.
std::string Dump(const ordered_json& value) {
  return value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

std::string_view OpenAiType(int status) {
  switch (status) {
    case 401:
      return "authentication_error";
    case 403:
      return "permission_error";
    case 429:
      return "rate_limit_error";
    default:
      return status >= 500 ? "server_error" : "invalid_request_error";
  }
}

std::string_view AnthropicType(int status) {
  switch (status) {
    case 401:
      return "authentication_error";
    case 403:
      return "permission_error";
    case 404:
      return "not_found_error";
    case 413:
      return "request_too_large";
    case 429:
      return "rate_limit_error";
    case 503:
    case 529:
      return "overloaded_error";
    default:
      return status >= 500 ? "api_error" : "invalid_request_error";
  }
}

// For shapes without a place for the field.
std::string Sentence(const Fault& fault) {
  return fault.param.empty() ? fault.message : fault.param + ": " + fault.message;
}

ordered_json OpenAiError(int status, const Fault& fault) {
  ordered_json error;
  error["message"] = fault.message;
  error["type"] = OpenAiType(status);
  error["param"] = fault.param.empty() ? ordered_json(nullptr) : ordered_json(fault.param);
  error["code"] = fault.code;
  return error;
}

ordered_json AnthropicError(int status, const Fault& fault, std::string_view request_id) {
  ordered_json error;
  error["type"] = AnthropicType(status);
  error["message"] = Sentence(fault);
  error["details"] = {{"error_code", fault.code}};
  return {{"type", "error"}, {"error", std::move(error)}, {"request_id", request_id}};
}

}  // namespace

ErrorShape ShapeOf(Surface surface) {
  switch (surface) {
    case Surface::kAnthropicMessages:
    case Surface::kAnthropicCountTokens:
      return ErrorShape::kAnthropic;
    case Surface::kOllamaChat:
    case Surface::kOllamaGenerate:
    case Surface::kOllamaEmbed:
      return ErrorShape::kOllama;
    default:
      return ErrorShape::kOpenAi;
  }
}

std::string ErrorBody(Surface surface, int status, const Fault& fault, std::string_view request_id) {
  switch (ShapeOf(surface)) {
    case ErrorShape::kAnthropic:
      return Dump(AnthropicError(status, fault, request_id));
    case ErrorShape::kOllama:
      return Dump({{"error", Sentence(fault)}});
    case ErrorShape::kOpenAi:
      break;
  }
  return Dump({{"error", OpenAiError(status, fault)}});
}

http::Event StreamError(Surface surface, std::string_view code, std::string_view message,
                        std::string_view request_id) {
  const Fault fault{std::string(code), std::string(message)};
  switch (ShapeOf(surface)) {
    case ErrorShape::kAnthropic:
      return {"error", Dump(AnthropicError(500, fault, request_id))};
    case ErrorShape::kOllama:
      return {"", Dump({{"error", message}})};
    case ErrorShape::kOpenAi:
      break;
  }
  if (surface != Surface::kOpenAiResponses) return {"", ErrorBody(surface, 500, fault, request_id)};
  // Streams of responses are events with a type. Clients take `error` for the end.
  ordered_json event;
  event["type"] = "error";
  event["code"] = code;
  event["message"] = message;
  event["param"] = nullptr;
  return {"error", Dump(event)};
}

http::StreamForm StreamFormOf(Surface surface) {
  return ShapeOf(surface) == ErrorShape::kOllama ? http::StreamForm::kNdjson : http::StreamForm::kSse;
}

}  // namespace hpol::gateway
