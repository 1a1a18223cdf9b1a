#include "compiler/driver/request.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

namespace hpol::driver {
namespace {

using Json = nlohmann::ordered_json;

Source SourceFromName(std::string_view name) {
  if (name == "identity") return Source::kIdentity;
  if (name == "gateway") return Source::kGateway;
  if (name == "caller") return Source::kCaller;
  return Source::kNone;
}

const hir::Attribute* FindAttribute(const hir::Policy& policy, std::string_view name) {
  const auto it = std::find_if(policy.attributes.begin(), policy.attributes.end(),
                               [name](const hir::Attribute& attribute) { return attribute.name == name; });
  return it == policy.attributes.end() ? nullptr : &*it;
}

std::optional<std::string> Scalar(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean() || value.is_number_integer()) return value.dump();
  return std::nullopt;
}

// The values of one attribute, or nothing when the JSON is of no use.
std::optional<std::vector<std::string>> Values(const Json& value) {
  std::vector<std::string> values;
  if (!value.is_array()) {
    const std::optional<std::string> scalar = Scalar(value);
    if (!scalar) return std::nullopt;
    values.push_back(*scalar);
    return values;
  }
  for (const Json& element : value) {
    const std::optional<std::string> scalar = Scalar(element);
    if (!scalar) return std::nullopt;
    values.push_back(*scalar);
  }
  return values;
}

Error BadField(std::string_view field, std::string_view expected) {
  return Error{"`" + std::string(field) + "` must be " + std::string(expected)};
}

// Of bodies: plain text has a field of its own.
std::optional<Surface> SurfaceOf(const Json& name) {
  for (size_t i = 1; i < kSurfaceCount; ++i) {
    if (name == SurfaceName(static_cast<Surface>(i))) return static_cast<Surface>(i);
  }
  return std::nullopt;
}

}  // namespace

void OwnedRequest::Add(std::string name, Source source, std::vector<std::string> values) {
  OwnedAttribute& owned = attributes_.emplace_back();
  owned.name = std::move(name);
  owned.source = source;
  for (std::string& value : values) owned.values.push_back(std::move(value));
  for (const std::string& value : owned.values) owned.views.emplace_back(value);
  attribute_views_.push_back({owned.name, owned.source, owned.views});
}

Result<OwnedRequest> OwnedRequest::FromJson(std::string_view json, const hir::Policy& policy) {
  const Json root = Json::parse(json, nullptr, /*allow_exceptions=*/false);
  if (!root.is_object()) return Error{"the request must be one JSON object"};
  for (const auto& [key, value] : root.items()) {
    static const std::vector<std::string> known = {"text",       "prompt",  "body",     "surface",
                                                   "attributes", "sources", "unscanned"};
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      return Error{"unknown field `" + key +
                   "`; a request has text or body, surface, attributes, sources, unscanned"};
    }
  }
  OwnedRequest request;
  const char* text_field = root.contains("text") ? "text" : "prompt";
  if (root.contains("body") == root.contains(text_field)) return Error{"give either `text` or `body`"};
  if (root.contains("body")) {
    const Json& body = root["body"];
    if (!body.is_object() && !body.is_string())
      return BadField("body", "an object, or the raw JSON as a string");
    const std::optional<Surface> surface = SurfaceOf(root.value("surface", Json("openai_chat")));
    if (!surface) return BadField("surface", "a kind of body, as `hpol-gateway --fields` names them");
    request.surface_ = *surface;
    request.body_.push_back(body.is_string() ? body.get<std::string>() : body.dump());
  } else {
    if (root.contains("surface")) return Error{"`surface` has no meaning without `body`"};
    if (!root[text_field].is_string()) return BadField(text_field, "a string");
    request.body_.push_back(root[text_field].get<std::string>());
  }
  if (root.contains("unscanned")) {
    if (!root["unscanned"].is_boolean()) return BadField("unscanned", "true or false");
    request.unscanned_ = root["unscanned"].get<bool>();
  }
  const Json sources = root.value("sources", Json::object());
  const Json attributes = root.value("attributes", Json::object());
  if (!sources.is_object()) return BadField("sources", "an object of input names and their sources");
  if (!attributes.is_object()) return BadField("attributes", "an object of input names and values");
  for (const auto& [name, value] : attributes.items()) {
    const hir::Attribute* declared = FindAttribute(policy, name);
    if (declared == nullptr) return Error{"the policy declares no input `" + name + "`"};
    std::optional<std::vector<std::string>> values = Values(value);
    if (!values) return BadField("attributes." + name, "a string, integer, boolean, or an array of them");
    Source source = declared->source;
    if (sources.contains(name)) {
      if (!sources[name].is_string()) return BadField("sources." + name, "identity, gateway or caller");
      source = SourceFromName(sources[name].get<std::string>());
    }
    request.Add(name, source, *std::move(values));
  }
  return request;
}

OwnedRequest OwnedRequest::FromTest(const hir::Policy& policy, const hir::Test& test) {
  OwnedRequest request;
  request.body_.push_back(test.prompt);
  for (const hir::GivenAttribute& given : test.given) {
    const hir::Attribute& attribute = policy.attributes[given.attribute.value];
    request.Add(attribute.name, attribute.source, given.values);
  }
  return request;
}

Request OwnedRequest::view() const { return {surface_, body_.front(), attribute_views_, unscanned_}; }

}  // namespace hpol::driver
