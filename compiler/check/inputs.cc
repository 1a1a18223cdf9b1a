// Inputs: names, types, sources.
#include <map>
#include <string>
#include <utility>

#include "compiler/check/context.h"

namespace hpol::check {
namespace {

// Words that mean something else wherever an input could be named.
constexpr std::string_view kReserved[] = {"level", "label", "prompt", "true", "false"};

std::optional<AttributeType> ResolveType(Context& context, const ast::Type& type) {
  static const std::map<std::string, AttributeType, std::less<>> kScalars = {
      {"bool", AttributeType::kBool}, {"int", AttributeType::kInt},     {"string", AttributeType::kString},
      {"enum", AttributeType::kEnum}, {"label", AttributeType::kLabel},
  };
  const auto it = kScalars.find(type.base.text);
  if (it == kScalars.end()) {
    ReportUnknown(type.base, "type", {"bool", "int", "string", "enum", "label"}, context.diagnostics);
    return std::nullopt;
  }
  if (!type.set) return it->second;
  if (it->second == AttributeType::kString) return AttributeType::kStringSet;
  if (it->second == AttributeType::kEnum) return AttributeType::kEnumSet;
  context.diagnostics.Error(DiagnosticKind::kTypeMismatch, type.base.span,
                            "a set of " + Tick(type.base.text) + " is no type",
                            "a set holds `string` or `enum { … }`");
  return std::nullopt;
}

std::vector<std::string> ResolveMembers(Context& context, const ast::Type& type) {
  std::vector<std::string> members;
  Names names;
  for (const ast::Name& name : type.members) {
    if (members.size() == kMaxMembers) {
      ReportTooMany(name.span, "members", kMaxMembers, context.diagnostics);
      break;
    }
    if (names.Declare(name, static_cast<uint32_t>(members.size()), "member", context.diagnostics)) {
      members.push_back(name.text);
    }
  }
  if (members.empty() && type.base.text == "enum") {
    context.diagnostics.Error(DiagnosticKind::kMissingPart, type.base.span, "an enum without members",
                              "list them: `enum { a, b }`");
  }
  return members;
}

Source ResolveSource(Context& context, const ast::Name& source) {
  if (source.text == "identity") return Source::kIdentity;
  if (source.text == "gateway") return Source::kGateway;
  if (source.text == "caller") return Source::kCaller;
  ReportUnknown(source, "source", {"identity", "gateway", "caller"}, context.diagnostics);
  return Source::kNone;
}

bool IsReserved(std::string_view name) {
  for (const std::string_view word : kReserved) {
    if (word == name) return true;
  }
  return false;
}

void CollectField(Context& context, const ast::InputField& field) {
  const auto index = static_cast<uint32_t>(context.hir.attributes.size());
  if (index == kMaxDeclarations) {
    ReportTooMany(field.name.span, "inputs", kMaxDeclarations, context.diagnostics);
  }
  if (index >= kMaxDeclarations) return;
  if (IsReserved(field.name.text)) {
    context.diagnostics.Error(DiagnosticKind::kReservedName, field.name.span,
                              "an input cannot be called " + Tick(field.name.text),
                              "this word has a meaning already");
    return;
  }
  if (!context.attributes.Declare(field.name, index, "input", context.diagnostics)) return;
  hir::Attribute attribute;
  attribute.name = field.name.text;
  attribute.type = ResolveType(context, field.type).value_or(AttributeType::kString);
  attribute.source = ResolveSource(context, field.source);
  attribute.optional = field.type.optional;
  attribute.members = ResolveMembers(context, field.type);
  attribute.span = field.name.span;
  context.hir.attributes.push_back(std::move(attribute));
}

}  // namespace

void CollectInputs(Context& context) {
  for (const ast::Input& input : context.ast.inputs) {
    for (const ast::InputField& field : input.fields) CollectField(context, field);
  }
}

}  // namespace hpol::check
