// JSON with places; the door is json_document.h.
//
// nlohmann/json gives no places, but it reads its input through an iterator, and calls
// its SAX handler right after each token: how far the iterator came is the end of the
// token (or one byte beyond, after a number), and the next token begins after the white
// space and punctuation that follow.
#include "adapters/gateway/json_document.h"

#include <algorithm>
#include <set>

namespace hpol::gateway {

using nlohmann::json;

namespace {

// An input iterator that counts. All copies share the count.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, const char* begin, size_t* read) : at_(at), begin_(begin), read_(read) {}
  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    ++at_;
    *read_ = std::max(*read_, static_cast<size_t>(at_ - begin_));
    return *this;
  }
  CountingIterator operator++(int) {
    CountingIterator before = *this;
    ++*this;
    return before;
  }
  friend bool operator==(const CountingIterator& a, const CountingIterator& b) { return a.at_ == b.at_; }
  friend bool operator!=(const CountingIterator& a, const CountingIterator& b) { return a.at_ != b.at_; }

 private:
  const char* at_;
  const char* begin_;
  size_t* read_;
};

// Edits between two words; two letters swapped count as one.
size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::vector<size_t>> table(a.size() + 1, std::vector<size_t>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i) {
    for (size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        table[i][j] = i + j;
        continue;
      }
      const size_t replaced = table[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      table[i][j] = std::min({replaced, table[i - 1][j] + 1, table[i][j - 1] + 1});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) table[i][j] = std::min(table[i][j], table[i - 2][j - 2] + 1);
    }
  }
  return table[a.size()][b.size()];
}

}  // namespace

Error Mistakes::AsError() const {
  std::string text;
  for (const std::string& line : lines_) {
    if (!text.empty()) text += '\n';
    text += line;
  }
  return {text};
}

// Builds the tree from SAX events; named in the header because it fills private parts.
class DocumentBuilder : public nlohmann::json_sax<json> {
 public:
  explicit DocumentBuilder(JsonDocument& document) : document_(document) {}

  size_t read = 0;  // how far the parser came
  std::string error;
  size_t error_at = 0;

  bool null() override { return Add(nullptr); }
  bool boolean(bool value) override { return Add(value); }
  bool number_integer(number_integer_t value) override { return Add(value); }
  bool number_unsigned(number_unsigned_t value) override { return Add(value); }
  bool number_float(number_float_t value, const string_t&) override { return Add(value); }
  bool string(string_t& value) override { return Add(value); }
  bool binary(binary_t&) override { return false; }
  bool start_object(size_t) override { return Open(json::object()); }
  bool start_array(size_t) override { return Open(json::array()); }
  bool end_object() override { return Close(); }
  bool end_array() override { return Close(); }

  bool key(string_t& value) override {
    Frame& frame = open_.back();
    frame.key = value;
    const std::string pointer = Append(frame.pointer, value);
    document_.keys_[pointer] = TokenStart();
    if (frame.value->contains(value)) {
      error = "`" + value + "` stands here twice";
      error_at = document_.keys_[pointer];
      return false;
    }
    return true;
  }

  bool parse_error(size_t position, const std::string&, const nlohmann::detail::exception&) override {
    error = "not valid JSON";
    error_at = position == 0 ? 0 : position - 1;
    return false;
  }

 private:
  struct Frame {
    json* value;
    std::string pointer;
    std::string key;
  };

  size_t TokenStart() {
    const size_t start = document_.text_.find_first_not_of(" \t\r\n,:", end_);
    end_ = read;
    return start == std::string::npos ? document_.text_.size() : start;
  }

  json* Place(json value, std::string& pointer) {
    if (open_.empty()) {
      document_.root_ = std::move(value);
      return &document_.root_;
    }
    Frame& frame = open_.back();
    if (frame.value->is_array()) {
      pointer = frame.pointer + "/" + std::to_string(frame.value->size());
      frame.value->push_back(std::move(value));
      return &frame.value->back();
    }
    pointer = Append(frame.pointer, frame.key);
    return &((*frame.value)[frame.key] = std::move(value));
  }

  bool Add(json value) {
    const size_t start = TokenStart();
    std::string pointer;
    Place(std::move(value), pointer);
    document_.values_[pointer] = start;
    return true;
  }

  bool Open(json value) {
    if (open_.size() == 32) {
      error = "nested too deeply";
      error_at = read;
      return false;
    }
    const size_t start = TokenStart();
    std::string pointer;
    json* const placed = Place(std::move(value), pointer);
    document_.values_[pointer] = start;
    open_.push_back({placed, pointer, {}});
    return true;
  }

  bool Close() {
    open_.pop_back();
    end_ = read;
    return true;
  }

  JsonDocument& document_;
  std::vector<Frame> open_;
  size_t end_ = 0;  // of the token before
};

Result<JsonDocument> JsonDocument::Parse(std::string_view text, std::string file) {
  JsonDocument document;
  document.file_ = std::move(file);
  document.text_ = text;
  DocumentBuilder builder(document);
  const char* const begin = document.text_.data();
  const CountingIterator first(begin, begin, &builder.read);
  const CountingIterator last(begin + document.text_.size(), begin, &builder.read);
  if (!json::sax_parse(first, last, &builder)) {
    document.values_[""] = std::min(builder.error_at, document.text_.size());
    return Error{document.At("", builder.error)};
  }
  return document;
}

std::string JsonDocument::At(const std::string& pointer, std::string_view message) const {
  return Format(values_, pointer, message);
}

std::string JsonDocument::AtKey(const std::string& pointer, std::string_view message) const {
  return Format(keys_, pointer, message);
}

std::string JsonDocument::Format(const std::map<std::string, size_t>& places, const std::string& pointer,
                                 std::string_view message) const {
  const auto found = places.find(pointer);
  const size_t offset = found == places.end() ? 0 : found->second;
  const std::string_view before = std::string_view(text_).substr(0, offset);
  const auto line = 1 + std::ranges::count(before, '\n');
  const size_t line_start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  std::string text =
      file_ + ":" + std::to_string(line) + ":" + std::to_string(offset - line_start + 1) + ": ";
  if (!pointer.empty()) text += pointer + ": ";
  return text + std::string(message);
}

ObjectReader::ObjectReader(const JsonDocument& document, const json& value, std::string pointer,
                           Mistakes& mistakes)
    : document_(document), value_(value), pointer_(std::move(pointer)), mistakes_(mistakes) {
  if (!value_.is_object()) mistakes_.Add(document_.At(pointer_, "an object is needed here"));
}

const json* ObjectReader::Member(std::string_view key) {
  asked_.emplace_back(key);
  if (!value_.is_object()) return nullptr;
  const auto found = value_.find(key);
  return found == value_.end() ? nullptr : &*found;
}

bool ObjectReader::Has(std::string_view key) { return Member(key) != nullptr; }

std::string ObjectReader::String(std::string_view key, std::string fallback) {
  const json* const member = Member(key);
  if (member == nullptr) return fallback;
  if (member->is_string()) return member->get<std::string>();
  Mistake(key, "a string is needed here");
  return fallback;
}

std::string ObjectReader::RequiredString(std::string_view key) {
  if (value_.is_object() && !Has(key)) {
    mistakes_.Add(document_.At(pointer_, "`" + std::string(key) + "` is missing"));
  }
  const std::string text = String(key, "");
  if (Has(key) && (*Member(key)).is_string() && text.empty()) Mistake(key, "may not be empty");
  return text;
}

int64_t ObjectReader::Int(std::string_view key, int64_t fallback, int64_t low, int64_t high) {
  const json* const member = Member(key);
  if (member == nullptr) return fallback;
  if (member->is_number_integer()) {
    const bool above = member->is_number_unsigned() && member->get<uint64_t>() > static_cast<uint64_t>(high);
    if (!above && member->get<int64_t>() >= low) return member->get<int64_t>();
  }
  Mistake(key,
          "a whole number from " + std::to_string(low) + " to " + std::to_string(high) + " is needed here");
  return fallback;
}

bool ObjectReader::Bool(std::string_view key, bool fallback) {
  const json* const member = Member(key);
  if (member == nullptr) return fallback;
  if (member->is_boolean()) return member->get<bool>();
  Mistake(key, "`true` or `false` is needed here");
  return fallback;
}

std::string ObjectReader::Pointer(std::string_view key) const { return Append(pointer_, key); }

void ObjectReader::Mistake(std::string_view key, std::string_view message) {
  mistakes_.Add(document_.At(Pointer(key), message));
}

void ObjectReader::RefuseOthers() {
  if (!value_.is_object()) return;
  for (const auto& [key, member] : value_.items()) {
    if (std::ranges::find(asked_, key) != asked_.end()) continue;
    mistakes_.Add(document_.AtKey(Pointer(key), "no such key" + DidYouMean(key, asked_)));
  }
}

std::string DidYouMean(std::string_view word, const std::vector<std::string>& known) {
  const size_t worst = word.size() < 4 ? 1 : word.size() / 3;
  const std::string* best = nullptr;
  size_t best_distance = worst + 1;
  for (const std::string& candidate : known) {
    const size_t distance = EditDistance(word, candidate);
    if (distance < best_distance) {
      best = &candidate;
      best_distance = distance;
    }
  }
  return best == nullptr ? "" : ", did you mean `" + *best + "`?";
}

std::string Append(const std::string& pointer, std::string_view key) {
  std::string result = pointer + "/";
  for (const char c : key) {
    if (c == '~') {
      result += "~0";
    } else if (c == '/') {
      result += "~1";
    } else {
      result += c;
    }
  }
  return result;
}

}  // namespace hpol::gateway
