#include "hpol/history.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <climits>

#include "runtime/digest/sha256.h"
#include "runtime/text/wipe.h"

namespace hpol {

LabelStore::Found MemoryLabelStore::Get(std::string_view key, int64_t now, Label& label) noexcept {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(key);
  if (found == entries_.end() || found->second.until < now) return Found::kNothing;
  label = found->second.label;
  return Found::kLabel;
}

bool MemoryLabelStore::Join(std::string_view key, Label label, int64_t until) noexcept {
  try {
    const std::lock_guard lock(mutex_);
    Entry& entry = entries_[std::string(key)];
    entry.label = entry.label.Join(label);
    if (until > entry.until) {
      entry.until = until;
      ends_.emplace(until, key);
    }
    // An end that was put off later stands there twice; only the last one counts.
    while (entries_.size() > capacity_ && !ends_.empty()) {
      const auto first = ends_.begin();
      const auto ended = entries_.find(first->second);
      if (ended != entries_.end() && ended->second.until == first->first) entries_.erase(ended);
      ends_.erase(first);
    }
    return true;
  } catch (...) {
    return false;
  }
}

namespace {

void AppendFramed(std::string_view part, std::string& message) {
  const uint64_t size = part.size();
  for (int shift = 0; shift < 64; shift += 8) message.push_back(static_cast<char>(size >> shift & 0xff));
  message.append(part);
}

// Words as runs of ASCII letters and digits in small letters; any other character that is no space or mark is
// a word of its own, as in Chinese.
class Words {
 public:
  explicit Words(std::string_view text) : text_(text) {}
  bool Next(std::string& word) {
    word.clear();
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (IsAscii(c)) {
        word.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c);
        ++at_;
        continue;
      }
      if (!word.empty()) return true;
      if (static_cast<uint8_t>(c) < 0x80) {
        ++at_;
        continue;
      }
      do {
        word.push_back(text_[at_++]);
      } while (at_ < text_.size() && (static_cast<uint8_t>(text_[at_]) & 0xc0) == 0x80);
      return true;
    }
    return !word.empty();
  }

 private:
  static bool IsAscii(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }
  std::string_view text_;
  size_t at_ = 0;
};

}  // namespace

History::History(std::shared_ptr<LabelStore> store, const ir::Tables& tables, std::string secret,
                 HistoryOptions options)
    : store_(std::move(store)), top_(tables.Top()), secret_(std::move(secret)), options_(options) {
  Sha256 digest;
  for (const std::vector<ir::StringId>* names : {&tables.levels, &tables.categories}) {
    for (const ir::StringId name : *names) {
      digest.Add(tables.Text(name));
      digest.Add(std::string_view("\0", 1));
    }
    digest.Add(std::string_view("\0", 1));
  }
  const Sha256Digest bytes = digest.Finish();
  lattice_.assign(bytes.begin(), bytes.end());
}

History::~History() { text::Wipe(secret_); }

// Empty when the library refuses.
std::string History::Key(std::string_view kind, std::string_view whose, std::string_view what) const {
  std::string message;
  for (const std::string_view part : {kind, std::string_view(lattice_), whose, what})
    AppendFramed(part, message);
  std::array<uint8_t, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  const bool good = !secret_.empty() && secret_.size() <= INT_MAX &&
                    HMAC(EVP_sha256(), secret_.data(), static_cast<int>(secret_.size()),
                         reinterpret_cast<const uint8_t*>(message.data()), message.size(), digest.data(),
                         &size) != nullptr &&
                    size >= LabelStore::kKeySize;
  text::Wipe(message);
  return good ? std::string(digest.begin(), digest.begin() + LabelStore::kKeySize) : std::string();
}

// Every run of kShingle words.
void History::Shingles(std::string_view tenant, std::string_view text, std::vector<std::string>& keys) const {
  std::vector<std::string> window;
  Words words(text);
  std::string word;
  std::string joined;
  while (words.Next(word)) {
    if (window.size() == kShingle) window.erase(window.begin());
    window.push_back(word);
    if (window.size() < kShingle) continue;
    joined.clear();
    for (const std::string& one : window) joined.append(one).push_back(' ');
    keys.push_back(Key("shingle", tenant, joined));
  }
  text::Wipe(joined);
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
}

Label History::LabelOf(const Who& who, std::string_view text, bool goes_on) const noexcept {
  try {
    Label label;
    const std::string key = Key("conversation", who.scope, {});
    if (key.empty()) return top_;
    switch (store_->Get(key, who.now, label)) {
      case LabelStore::Found::kUnreachable:
        return top_;
      case LabelStore::Found::kNothing:
        if (goes_on) return top_;
        label = {};
        break;
      case LabelStore::Found::kLabel:
        break;
    }
    std::vector<std::string> keys;
    Shingles(who.tenant, text, keys);
    size_t known = 0;
    Label pasted;
    for (const std::string& shingle : keys) {
      Label one;
      const LabelStore::Found found =
          shingle.empty() ? LabelStore::Found::kUnreachable : store_->Get(shingle, who.now, one);
      if (found == LabelStore::Found::kUnreachable) return top_;
      if (found == LabelStore::Found::kNothing) continue;
      ++known;
      pasted = pasted.Join(one);
    }
    if (known >= kEnough) label = label.Join(pasted);
    return {label.word & top_.word};
  } catch (...) {
    return top_;
  }
}

bool History::Record(const Who& who, Label label, std::string_view text) const noexcept {
  try {
    const std::string key = Key("conversation", who.scope, {});
    const int64_t until = who.now + options_.ttl_seconds;
    if (key.empty() || !store_->Join(key, label, until)) return false;
    if (label.word == 0) return true;  // public: nothing to inherit
    std::vector<std::string> keys;
    Shingles(who.tenant, text, keys);
    return std::all_of(keys.begin(), keys.end(), [&](const std::string& shingle) {
      return !shingle.empty() && store_->Join(shingle, label, until);
    });
  } catch (...) {
    return false;
  }
}

}  // namespace hpol
