// The JSON form. Bytes that are not UTF-8 are replaced, never thrown about.
#include <nlohmann/json.hpp>

#include "dsl/diag/render.h"

namespace hpol::dsl {
namespace {

using Json = nlohmann::ordered_json;

void AddPlace(Json& json, Span raw, const SourceMap& sources) {
  if (sources.size() == 0) return;
  const Span span = Repair(raw, sources);
  const SourceFile& file = sources.Get(span.file);
  const Position begin = file.Locate(span.begin);
  const Position end = file.Locate(span.end);
  json["file"] = file.name();
  json["line"] = begin.line;
  json["column"] = begin.column;
  json["end_line"] = end.line;
  json["end_column"] = end.column;
  json["span"] = {{"begin", span.begin}, {"end", span.end}};
}

Json HelpJson(const Help& help, const SourceMap& sources) {
  Json json = {{"text", help.text}, {"edits", Json::array()}};
  for (const Edit& edit : help.edits) {
    Json entry = {{"replacement", edit.replacement}};
    AddPlace(entry, edit.span, sources);
    json["edits"].push_back(std::move(entry));
  }
  return json;
}

Json ToJson(const Diagnostic& diagnostic, const SourceMap& sources) {
  Json json;
  json["kind"] = KindName(diagnostic.kind);
  json["severity"] = diagnostic.severity == Severity::kError ? "error" : "warning";
  json["message"] = diagnostic.message;
  json["label"] = diagnostic.primary.text;
  AddPlace(json, diagnostic.primary.span, sources);
  json["others"] = Json::array();
  for (const Annotation& other : diagnostic.others) {
    Json entry = {{"label", other.text}};
    AddPlace(entry, other.span, sources);
    json["others"].push_back(std::move(entry));
  }
  json["example"] = diagnostic.example ? Json(*diagnostic.example) : Json(nullptr);
  json["help"] = diagnostic.help ? HelpJson(*diagnostic.help, sources) : Json(nullptr);
  return json;
}

}  // namespace

std::string RenderJson(const Diagnostics& diagnostics, const SourceMap& sources) {
  Json array = Json::array();
  for (const Diagnostic& diagnostic : diagnostics.all()) array.push_back(ToJson(diagnostic, sources));
  return array.dump(2, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace);
}

}  // namespace hpol::dsl
