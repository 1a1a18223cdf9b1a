#include "runtime/text/fold_word.h"

#include "runtime/text/base_fold.h"
#include "runtime/text/fold.h"
#include "runtime/text/widen.h"

namespace hpol::text {
namespace {

Segment Whole(std::string_view text) {
  const auto size = static_cast<uint32_t>(text.size());
  return {0, size, 0, size, false, false};
}

std::string Fold(std::string_view text, bool spelled) {
  const Segment segment = Whole(text);
  BaseFold fold;
  fold.spelled = spelled;
  Draft draft;
  fold.Run({text, {&segment, 1}}, draft);
  return draft.changed() ? draft.text() : std::string(text);
}

}  // namespace

std::string FoldWord(std::string_view word) { return Fold(word, /*spelled=*/false); }
std::string FoldText(std::string_view text) { return Fold(text, /*spelled=*/true); }

std::string WidenWord(std::string_view word) {
  const std::string folded = FoldWord(word);
  const Segment segment = Whole(folded);
  Draft draft;
  // Letters alone: the digit behind a circled one or an ideograph is not what the author wrote.
  Widen({folded, {&segment, 1}}, Steps{Step::kLetterForms}, draft);
  return draft.changed() ? draft.text() : folded;
}

bool IsUtf8(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const Decoded decoded = DecodeUtf8(text, at);
    if (!decoded.valid) return false;
    at += decoded.size;
  }
  return true;
}

}  // namespace hpol::text
