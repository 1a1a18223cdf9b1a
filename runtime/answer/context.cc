#include "runtime/answer/context.h"

#include <algorithm>
#include <array>

namespace hpol::answer {
namespace {

constexpr size_t kMaxWord = 4096;
constexpr size_t kMaxLine = 1024;
constexpr size_t kMaxTag = 16;

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v'; }

template <size_t n>
bool IsOneOf(std::string_view word, const std::array<std::string_view, n>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// Languages of fences whose content is shown and not run.
constexpr std::array<std::string_view, 17> kData = {"text", "txt",  "plain", "plaintext", "none", "json",
                                                    "yaml", "yml",  "csv",   "tsv",       "toml", "ini",
                                                    "log",  "diff", "eml",   "email",     "vcard"};

// Elements that run or load what stands in them.
constexpr std::array<std::string_view, 11> kScripts = {
    "script", "style", "iframe", "object", "embed", "svg", "template", "math", "form", "base", "link"};

constexpr std::array<std::string_view, 14> kSchemes = {
    "://",  "//",   "www.",  "http:", "https:",      "ftp:", "mailto:",
    "tel:", "sms:", "data:", "file:", "javascript:", "cid:", "vbscript:"};

// What may stand before an opening fence in its line: quotes and list items hold fences too.
constexpr const char* kBeforeFence = " \t\r>-*+.)0123456789";

// `host.name/…`, `/path?…`, `?name=`: an address without a scheme.
bool LooksLikePath(std::string_view word) {
  const size_t dot = word.find('.');
  if (dot != std::string_view::npos && word.find('/', dot) != std::string_view::npos) return true;
  const size_t question = word.find('?');
  return question != std::string_view::npos && word.find('=', question) != std::string_view::npos;
}

}  // namespace

bool Context::in_url() const {
  if (long_word_ || LooksLikePath(word_)) return true;
  // An escape inside of a string inside of a string: what it says is not looked up.
  if (word_.find("\\u") != std::string::npos) return true;
  return std::any_of(kSchemes.begin(), kSchemes.end(),
                     [this](std::string_view scheme) { return word_.find(scheme) != std::string::npos; });
}

bool Context::harmless() const {
  if (script_ || in_tag_ || in_link_ || runs_ || before_ == '<') return false;
  const size_t text = line_.find_first_not_of(kBeforeFence);
  const bool fence_line =
      text != std::string::npos && (line_.compare(text, 3, "```") == 0 || line_.compare(text, 3, "~~~") == 0);
  return !fence_line && !in_url();
}

void Context::TakeWord() { Take('x'); }

void Context::Take(char c) {
  if (c == '\n') {
    EndLine();
  } else if (line_.size() < kMaxLine) {
    line_.push_back(c);
  }
  if (in_tag_) {
    InTag(c);
  } else if (before_ == '<' && (IsLetter(c) || c == '/' || c == '!' || c == '?')) {
    in_tag_ = true;
    tag_.clear();
    tag_named_ = false;
    quote_ = 0;
    last_in_tag_ = 0;
    InTag(c);
  }
  InLink(c);
  if (IsSpace(c) || c == '"' || c == '<' || c == '>' || c == '`') {
    word_.clear();
    long_word_ = false;
  } else if (word_.size() < kMaxWord) {
    // `https:\/\/` is `https://` to whoever reads the string.
    if (c == '/' && before_ == '\\') word_.pop_back();
    word_.push_back(Lower(c));
  } else {
    long_word_ = true;
  }
  escaped_ = !escaped_ && c == '\\';
  before_ = c;
}

void Context::InTag(char c) {
  if (quote_ != 0) {
    if (c == quote_) quote_ = 0;
  } else if (c == '>') {
    in_tag_ = false;
  } else if ((c == '"' || c == '\'') && last_in_tag_ == '=') {
    quote_ = c;
  }
  if (!tag_named_) {
    if (IsLetter(c) && tag_.size() < kMaxTag) {
      tag_.push_back(Lower(c));
    } else if (!tag_.empty() || c != '/') {
      tag_named_ = true;
      script_ = script_ || IsOneOf(tag_, kScripts);
    }
  }
  if (!IsSpace(c)) last_in_tag_ = c;
}

void Context::InLink(char c) {
  if (in_link_) {
    if (escaped_ || definition_) return;  // a definition ends with its paragraph
    if (c == '(') ++depth_;
    if (c == ')' && depth_-- == 0) in_link_ = false;
    return;
  }
  if (before_ != ']' || (c != '(' && c != ':')) return;  // `](target)` and `[name]: target`
  in_link_ = true;
  definition_ = c == ':';
  depth_ = 0;
}

void Context::EndLine() {
  if (line_.find_first_not_of(" \t\r>") == std::string::npos) in_link_ = false;  // a paragraph ended
  const size_t text = line_.find_first_not_of(kBeforeFence);
  if (text != std::string::npos && (line_[text] == '`' || line_[text] == '~')) {
    const char mark = line_[text];
    size_t end = line_.find_first_not_of(mark, text);
    if (end == std::string::npos) end = line_.size();
    const size_t size = end - text;
    std::string info;
    for (size_t i = end; i < line_.size(); ++i) info.push_back(Lower(line_[i]));
    const bool bare = info.find_first_not_of(" \t\r") == std::string::npos;
    if (fence_ == 0 && size >= 3 && (mark == '~' || info.find('`') == std::string::npos)) {
      const size_t begin = info.find_first_not_of(" \t{.");
      const size_t stop = info.find_first_of(" \t\r}:,", begin);
      const std::string language = begin == std::string::npos ? "" : info.substr(begin, stop - begin);
      fence_ = mark;
      fence_size_ = size;
      fence_indent_ = text;
      runs_ = !bare && !IsOneOf(std::string_view(language), kData);
    } else if (fence_ == mark && size >= fence_size_ && bare && text <= fence_indent_ + 3 &&
               line_.find_first_not_of(" \t>") == text) {
      fence_ = 0;
      runs_ = false;
    }
  }
  line_.clear();
}

}  // namespace hpol::answer
