// Labels that outlive a request (DESIGN 2.2.11, THREATS rule L): of conversations, and of what answers said,
// so that text of a confidential answer is confidential when it is pasted elsewhere.
//
//   History history(store, engine, {.ttl_seconds = 86'400});
//   request.conversation = history.LabelOf(who, text, goes_on);   // before Decide
//   history.Record(who, answer.label(), answer_text);             // after the answer
//
// Nothing of a text or a name is kept: keys are made with a secret. What is missing where something should
// be, and a store that cannot be read, is the top label.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "hpol/engine.h"

namespace hpol {

// Where labels are kept, by keys of kKeySize bytes. All methods may be called from any thread, and do not
// throw.
class LabelStore {
 public:
  static constexpr size_t kKeySize = 16;
  enum class Found : uint8_t { kUnreachable = 0, kNothing, kLabel };

  virtual ~LabelStore() = default;
  // What was joined under the key, unless it is past its time at `now` (seconds since 1970).
  virtual Found Get(std::string_view key, int64_t now, Label& label) noexcept = 0;
  // Joins, and keeps it until `until` at least. False: it is not kept.
  virtual bool Join(std::string_view key, Label label, int64_t until) noexcept = 0;
};

// In the memory of this process. Above `capacity` keys those that end first are forgotten.
class MemoryLabelStore : public LabelStore {
 public:
  explicit MemoryLabelStore(size_t capacity = 1'000'000) : capacity_(capacity) {}
  Found Get(std::string_view key, int64_t now, Label& label) noexcept override;
  bool Join(std::string_view key, Label label, int64_t until) noexcept override;

 private:
  struct Entry {
    Label label;
    int64_t until = 0;
  };
  const size_t capacity_;
  std::mutex mutex_;
  std::map<std::string, Entry, std::less<>> entries_;
  std::multimap<int64_t, std::string> ends_;
};

struct HistoryOptions {
  int64_t ttl_seconds = 30 * 86'400;
};

// Thread-safe. Labels are those of one policy's levels and categories: under another lattice nothing is
// found.
class History {
 public:
  // `secret` keys what is stored; the same one reads it again.
  History(std::shared_ptr<LabelStore> store, const ir::Tables& tables, std::string secret,
          HistoryOptions options = {});
  ~History();

  struct Who {
    std::string_view scope;   // ScopeOf: the conversation
    std::string_view tenant;  // within which fingerprints are looked for
    int64_t now = 0;          // seconds since 1970
  };
  // What the conversation holds, joined with what is known of `text`, all of the request's. `goes_on`: the
  // request has earlier turns, so that something should be known of it; nothing known then is the top label.
  Label LabelOf(const Who& who, std::string_view text, bool goes_on) const noexcept;
  // The model has answered with `text` from what had this label. False: it is not kept, and the next turn of
  // the conversation will be at the top.
  bool Record(const Who& who, Label label, std::string_view text) const noexcept;

  // A pasted text inherits a label when so many of its runs of kShingle words are known.
  static constexpr size_t kShingle = 8;
  static constexpr size_t kEnough = 2;

 private:
  std::string Key(std::string_view kind, std::string_view whose, std::string_view what) const;
  void Shingles(std::string_view tenant, std::string_view text, std::vector<std::string>& keys) const;

  const std::shared_ptr<LabelStore> store_;
  const Label top_;
  std::string secret_;
  std::string lattice_;
  const HistoryOptions options_;
};

}  // namespace hpol
