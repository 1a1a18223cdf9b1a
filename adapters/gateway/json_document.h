// A JSON file for people: values with their places, so that a mistake can be pointed at.
// Used for gateway.json and keys.json; never for requests.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "hpol/result.h"

namespace hpol::gateway {

// The mistakes found in one file, in words with a place.
class Mistakes {
 public:
  void Add(std::string line) { lines_.push_back(std::move(line)); }
  bool empty() const { return lines_.empty(); }
  const std::vector<std::string>& lines() const { return lines_; }
  Error AsError() const;

 private:
  std::vector<std::string> lines_;
};

class JsonDocument {
 public:
  // Strict JSON without duplicate keys; `file` is what mistakes call it.
  static Result<JsonDocument> Parse(std::string_view text, std::string file);

  const nlohmann::json& root() const { return root_; }

  // `file:line:column: pointer: message`, pointing at the value, or at its key.
  std::string At(const std::string& pointer, std::string_view message) const;
  std::string AtKey(const std::string& pointer, std::string_view message) const;

 private:
  friend class DocumentBuilder;
  std::string Format(const std::map<std::string, size_t>& places, const std::string& pointer,
                     std::string_view message) const;

  std::string file_;
  std::string text_;
  nlohmann::json root_;
  std::map<std::string, size_t> values_;  // JSON pointer → byte offset
  std::map<std::string, size_t> keys_;
};

// Reads one object of a document: typed members, and at the end the keys nobody asked
// for. Mistakes are collected, so that a person sees all of them at once.
class ObjectReader {
 public:
  // `value` stands at `pointer`; anything but an object is a mistake.
  ObjectReader(const JsonDocument& document, const nlohmann::json& value, std::string pointer,
               Mistakes& mistakes);

  bool Has(std::string_view key);
  std::string String(std::string_view key, std::string fallback);
  std::string RequiredString(std::string_view key);
  int64_t Int(std::string_view key, int64_t fallback, int64_t low, int64_t high);
  bool Bool(std::string_view key, bool fallback);
  // The member, or null when it is absent.
  const nlohmann::json* Member(std::string_view key);

  std::string Pointer(std::string_view key) const;
  void Mistake(std::string_view key, std::string_view message);
  // To be called last: keys that were never asked for are mistakes.
  void RefuseOthers();

 private:
  const JsonDocument& document_;
  const nlohmann::json& value_;
  std::string pointer_;
  Mistakes& mistakes_;
  std::vector<std::string> asked_;
};

// `, did you mean …?` when one of `known` is close to `word`; else empty.
std::string DidYouMean(std::string_view word, const std::vector<std::string>& known);

// `pointer` with one more member.
std::string Append(const std::string& pointer, std::string_view key);

}  // namespace hpol::gateway
