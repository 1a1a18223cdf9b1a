// Where in an answer's text a place stands: whether a value may be written there, or would be carried off by
// whoever shows the text (THREATS rule R). Reads Markdown and HTML loosely, and always on the safe side: what
// may be inside of a link, an attribute or a script counts as inside. Door: Context.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hpol::answer {

class Context {
 public:
  void Take(std::string_view text) {
    for (const char c : text) Take(c);
  }
  // A token or a value stands here, whatever its characters.
  void TakeWord();

  // Nothing that is written here is fetched or run: not in a URL, a link or image target, the definition of
  // one, an HTML tag, a script, or a code fence marked as anything but data.
  bool harmless() const;
  // Just this one of them.
  bool in_url() const;

 private:
  void Take(char c);
  void EndLine();
  void InTag(char c);
  void InLink(char c);

  // The run of characters without white space, quotes or angle brackets that ends here; cut at kMaxWord.
  std::string word_;
  bool long_word_ = false;
  std::string line_;  // the line up to here; cut at kMaxLine
  char before_ = '\n';
  bool escaped_ = false;  // the character before is a backslash that escapes the next

  // The fence that is open: its character, how many, how far in, and whether its content may be run.
  char fence_ = 0;
  size_t fence_size_ = 0;
  size_t fence_indent_ = 0;
  bool runs_ = false;

  bool in_tag_ = false;
  std::string tag_;  // its name
  bool tag_named_ = false;
  char quote_ = 0;           // open around an attribute's value
  char last_in_tag_ = 0;     // but for white space
  bool script_ = false;      // an element that runs or loads what is in it; never left again
  bool in_link_ = false;     // a target or a definition
  bool definition_ = false;  // the latter: ends with its paragraph
  int depth_ = 0;            // of parentheses in a target
};

}  // namespace hpol::answer
