// Check characters by weighted sums, as data. Most national identifiers differ only in their form, their
// weights and the modulus; a Scheme says these, and Check<kScheme> is the validator. Private to
// runtime/detect.
#pragma once

#include <array>
#include <string_view>

#include "runtime/detect/validators.h"

namespace hpol::detect {

// What a letter counts as.
enum class Letters : uint8_t {
  kByAlphabet,  // its place in `alphabet`: A is 10 unless the scheme says otherwise
  kTwoDigits,   // written out as 01 to 26 before anything is weighed (Germany)
};

struct Scheme {
  // One sign a character, separators left out: `9` a digit, `A` a letter, `#` either, anything else itself.
  std::string_view form;
  // Of each character (after kTwoDigits wrote letters out). The check character's own weight is 0 where
  // `symbols` is given.
  std::array<int8_t, 24> weights;
  int modulus;
  // The check character for each remainder; a character that `form` excludes (`-`) for one that is never
  // issued. Empty: the whole sum must leave `rest`.
  std::string_view symbols = {};
  int check = -1;          // its place (as in `weights`); -1: the last
  bool cross_sum = false;  // products count by the sum of their digits, as Luhn's do
  int rest = 0;
  // What else must hold of the text without separators (upper case, letters as they are); null: nothing.
  bool (*also)(std::string_view text) = nullptr;
  Validity wrong = Validity::kReject;      // what a wrong check character makes of a right form
  Validity in_a_row = Validity::kAccept;   // what a right one makes of a text without any separator
  Validity separated = Validity::kAccept;  // and of one with separators
  Letters letters = Letters::kByAlphabet;
  std::string_view alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
};

// kReject where the form or `also` does not hold.
Validity RunScheme(const Scheme& scheme, std::string_view match);

template <const Scheme& scheme>
Validity Check(std::string_view match) {
  return RunScheme(scheme, match);
}

// Two check characters: both must hold.
template <const Scheme& first, const Scheme& second>
Validity CheckBoth(std::string_view match) {
  const Validity a = RunScheme(first, match);
  const Validity b = RunScheme(second, match);
  return a < b ? a : b;
}

// Several forms: the best answer of any.
template <const Scheme&... schemes>
Validity CheckAny(std::string_view match) {
  Validity best = Validity::kReject;
  ((best = RunScheme(schemes, match) > best ? RunScheme(schemes, match) : best), ...);
  return best;
}

// A match without separators, ASCII letters in upper case. Fixed size: checks never allocate.
struct Bare {
  static constexpr size_t kMax = 40;
  char at[kMax] = {};
  size_t count = 0;
  bool ok = true;  // nothing but letters, digits, and space - . / _ between them; not too long
  std::string_view text() const { return {at, count}; }
};
Bare ReadBare(std::string_view match);

// ---- what identifiers are made of; all of text without separators ----

int Number(std::string_view digits);  // at most nine of them
bool AllEqual(std::string_view text);
bool AllDigits(std::string_view text);
bool IsDay(std::string_view yy, std::string_view mm, std::string_view dd);  // two digits each, in any century
bool LuhnHolds(std::string_view digits);
bool VerhoeffHolds(std::string_view digits);
bool Mod11_10Holds(std::string_view digits);  // ISO 7064 mod 11,10
int Remainder(std::string_view text,
              int modulus);  // of the decimal number, letters as 10…35 (ISO 7064 mod 97-10)

}  // namespace hpol::detect
