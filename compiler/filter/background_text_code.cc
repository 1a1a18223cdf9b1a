// Text that people write for machines, and machines for people.
#include "compiler/filter/background_text_english.h"
#include "compiler/filter/background_text_kinds.h"

namespace hpol::filter {
namespace {

constexpr std::string_view kStatements[] = {
    "%i = %i (%i, %d);\n",
    "%t%i = %i->%i;\n",
    "if (%i == NULL)\n  return %d;\n",
    "%i->%i = %i;\n",
    "return %i;\n",
    "%i (%i, \"%k\", %i);\n",
    "/* %s */\n",
    "assert (%i != %U);\n",
    "%i += %d;\n",
    "if (%i->%i & %U)\n  %i |= %x;\n",
    "const auto %i = %P::%P(%i);\n",
    "// %s\n",
    "std::%w<%P> %i;\n",
    "%i.%i(%i.begin(), %i.end());\n",
    "%i[%i] = '%w';\n",
    "memcpy (%i, %i, sizeof *%i);\n",
    "++%i;\n",
    "return %P(%i, std::move(%i));\n",
    "switch (%i)\n  {\n  case %U:\n    break;\n  default:\n    return -1;\n  }\n",
};
constexpr std::string_view kOpeners[] = {"for (size_t i = 0; i < %i; ++i) {\n", "while (%i->%w) {\n",
                                         "if (%i > %d && !%i) {\n", "} else if (%i) {\n"};
constexpr std::string_view kDeclarations[] = {
    "extern %t%i (const char *__%w,\n\t\t     %t__%w) __THROW;\n\n",
    "#define %U %d\n#define %U\t%x  /* %p */\n#define %U_%U (%U << %d)\n\n",
    "/* %s\n   %s  */\nextern int %i (%t%i);\n#define %U_%U %d\n#define %U_%U_%U %d\n\n",
    "struct %i\n{\n  %t%i;\t/* %p */\n  %t%i;\n  struct %i *%i;\n};\n\n",
    "#include <%w/%w.h>\n#include \"%w.h\"\n#if defined __USE_%U || defined __%U_%U_H\n# include "
    "<%w.h>\n#endif\n\n",
    "// %s\nclass %P : public %P {\n public:\n  explicit %P(%t %i) : %i_(%d) {}\n  virtual ~%P();\n"
    "  bool %P(const %P& %i) const;\n\n private:\n  std::vector<%P> %i_;\n};\n\n",
    "enum %P {\n  k%P = %x,\n  k%P,\n  k%P,\n};\n\n",
    "/* %s */\n\n/* ------------ %w ------------ */\n\n",
    "/*===-- %f - %k --===*/\n\n%t%i = %x;\n",
    "namespace %w {\n\nusing %w::%P;\n\n}  // namespace %w\n\n",
};

void Block(Random& random, std::string& out, size_t indent, int depth) {
  const uint32_t count = random.Between(1, 5);
  for (uint32_t i = 0; i < count; ++i) {
    out.append(indent, ' ');
    if (depth > 0 && random.Chance(15)) {
      Fill(random, out, random.Of(kOpeners), indent);
      Block(random, out, indent + (indent > 2 ? 4 : 2), depth - 1);
      out.append(indent, ' ');
      out += "}\n";
    } else {
      Fill(random, out, random.Of(kStatements), indent);
    }
  }
}

constexpr std::string_view kPython[] = {
    "self.%i = %i\n",
    "if %i is None:\n    return %w\n",
    "%i = %i.%i(%i, %w=%d)\n",
    "# %s\n",
    "for %w in self._%i:\n    %i.append(%w)\n",
    "raise %PError(f\"%k: {%i!r}\")\n",
    "return %i[%d:]\n",
    "try:\n    %i = int(%i)\nexcept (ValueError, %P):\n    pass\n",
    "with open(%i, 'rb') as %w:\n    %i(%w.read())\n",
    "self.assertEqual(%i(%d), '%w')\n",
    "%i = {'%w': %d, '%w': %i}\n",
    "return {**%i}, dict(\n            %w=%i,\n            %w='%w-%w',\n            %w=%i.%w)\n",
    "%i = %i(%i, '%w',\n                              %i=%i.%i,\n                              %i=%i)\n",
    "if %i == '%w':\n    if %i:\n        %i = %i\n    else:\n        %i = '\\x%d' + %i\n",
    "%i['%w'] = %i.get('%w', '')  # %p\n",
};
constexpr std::string_view kShell[] = {
    "if [ -z \"$%U\" ]; then\n    echo \"%k\" >&2\n    exit 1\nfi\n",
    "# %s\n",
    "export %U=\"${%U:-/%/}\"\n",
    "%w --%w=%d -o \"$%w\" %f | grep -v '^#' > /dev/null\n",
    "cd %/ && make -j%d %w\n",
    "for %w in %/*.txt; do\n    mv \"$%w\" \"${%w%%.*}\"\ndone\n",
    "case \"$1\" in\n    --%w) %U=1 ;;\nesac\n",
    "#----------------------------------\n",
};
constexpr std::string_view kLogs[] = {
    "%I %T,%n INFO [%w-%d] %w.%P: %k\n",
    "%I %T WARN  %i: %s\n",
    "[%T] %w[%n]: %k (%i=%d, took %d ms)\n",
    "%IT%TZ level=error msg=\"%k\" id=%h %w=%i\n",
    "%I %T DEBUG %P::%i - %w=%x %w=%h v%V\n",
    "  File \"%/%f\", line %d, in %i\n    %i = %i(%i)\n",
    "%w: warning: %s [-W%w-%w]\n",
};
constexpr std::string_view kYaml[] = {
    "%i:\n  %w: %d\n  %w: \"%p\"\n  %i:\n    - %w\n    - %w-%w\n",
    "# %s\n%w-%w: true\n",
    "- name: %k\n  uses: %w/%w@v%d\n  %w: %V\n",
    "[%w]\n%i = %d\n%i = %i\npath = /%/\n\n",
    "%U=%w\n",
    "<%w id=\"%w\" class=\"%w-%w\">%p</%w>\n",
};

void Json(Random& random, std::string& out, size_t indent, int depth) {
  out += "{\n";
  const uint32_t count = random.Between(2, 6);
  for (uint32_t i = 0; i < count; ++i) {
    out.append(indent + 2, ' ');
    Fill(random, out, random.Chance(70) ? "\"%i\": " : "\"%c\": ");
    const uint32_t die = random.Below(10);
    if (depth > 0 && die < 2) {
      Json(random, out, indent + 2, depth - 1);
    } else {
      static constexpr std::string_view kValues[] = {"\"%w\"",
                                                     "%d",
                                                     "true",
                                                     "null",
                                                     "\"%p\"",
                                                     "[%d, %d, %d]",
                                                     "\"%V\"",
                                                     "%r",
                                                     "[\"%w\", \"%w-%w\"]",
                                                     "\"https://%w.example/%w/%w\""};
      Fill(random, out, random.Of(kValues));
    }
    out += i + 1 < count ? ",\n" : "\n";
  }
  out.append(indent, ' ');
  out += '}';
}

}  // namespace

void AppendCode(Random& random, std::string& out) {
  if (random.Chance(55)) return Fill(random, out, random.Of(kDeclarations));
  Fill(random, out,
       random.Chance(50) ? "/* %s  */\nstatic %t\n%i (%t%i, int %i)\n{\n" : "%P %P::%P(const %P& %i) {\n");
  Block(random, out, 2, 2);
  out += "}\n\n";
}

void AppendScript(Random& random, std::string& out) {
  if (random.Chance(25)) {
    const uint32_t lines = random.Between(2, 6);
    for (uint32_t i = 0; i < lines; ++i) Fill(random, out, random.Of(kShell));
    out += '\n';
    return;
  }
  const bool method = random.Chance(65);
  const size_t indent = method ? 8 : 4;
  if (random.Chance(20))
    Fill(random, out, "import %w\nfrom %w.%w import %P, %i\n\n\nclass %P(%P):\n    \"\"\"%s\"\"\"\n\n");
  if (method) {
    if (random.Chance(20)) out += "    @property\n";
    Fill(random, out, "    def %i(self, %i, %w=None):\n        \"\"\"%s\"\"\"\n");
  } else {
    Fill(random, out, "def %i(%i, *, %w=%d):\n    \"\"\"%s\n\n    %s\n    \"\"\"\n");
  }
  const uint32_t lines = random.Between(2, 6);
  for (uint32_t i = 0; i < lines; ++i) {
    out.append(indent, ' ');
    Fill(random, out, random.Of(kPython), indent);
  }
  out += '\n';
}

void AppendConfiguration(Random& random, std::string& out) {
  if (random.Chance(50)) {
    Json(random, out, 0, 2);
    out += '\n';
  } else {
    Fill(random, out, random.Of(kYaml));
  }
}

void AppendLog(Random& random, std::string& out) { Fill(random, out, random.Of(kLogs)); }

void AppendTable(Random& random, std::string& out) {
  static constexpr std::string_view kRows[] = {"%w,%d,%r,%w %w,%Y\n",
                                               "%d\t%b\t%r\t%w\n",
                                               "    '%w'     #  %x -> SMALL LETTER %U\n",
                                               "    '\\x%d'     #  %x -> %U %U\n",
                                               "   %U        %d    %U %U\n",
                                               "    %x, %x, %x, %x,  /* %w */\n"};
  const std::string_view row = random.Of(kRows);
  if (random.Chance(10)) out += "+-------+---------+-----+\n";
  const uint32_t rows = random.Between(4, 12);
  for (uint32_t i = 0; i < rows; ++i) Fill(random, out, row);
  out += '\n';
}

}  // namespace hpol::filter
