#include "runtime/answer/context.h"

#include <gtest/gtest.h>

#include <string>

namespace hpol::answer {
namespace {

bool Harmless(std::string_view text) {
  Context context;
  context.Take(text);
  return context.harmless();
}

TEST(Context, PlainPlacesAreHarmless) {
  for (const char* text : {"",
                           "write to ",
                           "a < b and ",
                           "(see ",
                           "**",
                           "> quoted ",
                           "- item: ",
                           "`",
                           "and/or ",
                           "1. ",
                           "a@",
                           "\"",
                           "[name](https://a.example) then ",
                           "see https://a.example/x and ",
                           "<b>",
                           "<p class=\"x\">",
                           "```\ncode\n```\n",
                           "```json\n{\"to\": \"",
                           "~~~ text\n",
                           "Email:",
                           "[x] done: ",
                           "a ] ( b) ",
                           "[a]: https://x.example\n\nthen "}) {
    EXPECT_TRUE(Harmless(text)) << text;
  }
}

TEST(Context, PlacesThatAreFetchedOrRunAreNot) {
  for (const char* text : {"https://evil.example/?q=",
                           "![x](https://evil.example/?q=",
                           "![x](",
                           "[x](<",
                           "[x](/a \"title ",
                           "[a]: ",
                           "[a]:\n",
                           "<a href=\"",
                           "<a href='x' title=",
                           "<img alt='>' src=",
                           "<img src=//e.example/",
                           "www.e.example/",
                           "evil.example/",
                           "mailto:",
                           "javascript:alert(",
                           "/search?q=",
                           "```python\nprint(\"",
                           "~~~sh\ncurl ",
                           "  ```js\n",
                           "- ```js\n",
                           "1. ```js\n",
                           "> ```bash\n",
                           "```html {.x}\n",
                           "``` {.python}\n",
                           "```python ",
                           "<script>\nvar a = ",
                           "<style>a{",
                           "<svg><a xlink:href=\"",
                           "http:",
                           "data:text/html,",
                           "https:\\/\\/evil.example\\/",
                           "```python\nx\n      ````not the end\n",
                           "[x](a(b)",
                           "[x](a\\) ",
                           "<!-- ",
                           "</a "}) {
    EXPECT_FALSE(Harmless(text)) << text;
  }
}

TEST(Context, FencesEndWhereTheyEnd) {
  EXPECT_FALSE(Harmless("```sh\n~~~\n"));
  EXPECT_FALSE(Harmless("````sh\n```\n"));
  EXPECT_FALSE(Harmless("```sh\n``` no\n"));
  EXPECT_FALSE(Harmless("```sh\n     ```\n"));  // too far in to end it
  EXPECT_FALSE(Harmless("```sh\n- ```\n"));
  EXPECT_TRUE(Harmless("```sh\nx\n```\nafter "));
  EXPECT_TRUE(Harmless("- ```sh\n  x\n  ```\nafter "));
}

TEST(Context, OneCharacterAtATimeOrAllAtOnce) {
  const std::string text = "a [b](https://c.d/e?f=g) <i x='y>'> ```sh\nx\n```\n https://h.i/ j\n[k]: l\n\nm";
  for (size_t size = 0; size <= text.size(); ++size) {
    Context steps;
    for (size_t i = 0; i < size; ++i) steps.Take(std::string_view(text).substr(i, 1));
    EXPECT_EQ(steps.harmless(), Harmless(text.substr(0, size))) << size;
  }
}

}  // namespace
}  // namespace hpol::answer
