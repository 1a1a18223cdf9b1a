# Writes OUT, a C++ file that holds each of FILES (under ROOT) as a string literal, cut into pieces
# because compilers need only accept literals of 64 KB.
set(rows "")
set(bodies "")
set(index 0)
foreach(file IN LISTS FILES)
  file(RELATIVE_PATH name ${ROOT} ${file})  # std/pii/us.hpol is std.pii.us
  string(REGEX REPLACE "\\.hpol$" "" path ${name})
  string(REPLACE "/" "." path ${path})
  file(READ ${file} text)
  string(REPLACE ")hpol_pack\"" "" check "${text}")
  if(NOT check STREQUAL text)
    message(FATAL_ERROR "${file} holds the delimiter of its own embedding")
  endif()
  string(LENGTH "${text}" length)
  set(literal "")
  set(at 0)
  while(at LESS length)
    string(SUBSTRING "${text}" ${at} 12000 piece)
    string(APPEND literal "    R\"hpol_pack(${piece})hpol_pack\"\n")
    math(EXPR at "${at} + 12000")
  endwhile()
  string(APPEND bodies "constexpr std::string_view kText${index} =\n${literal}    \"\";\n")
  string(APPEND rows "    {\"${path}\", \"${name}\", kText${index}},\n")
  math(EXPR index "${index} + 1")
endforeach()
file(WRITE ${OUT} "#include \"policies/packs.h\"

#include <string_view>

namespace hpol::policies {
namespace {
${bodies}
constexpr Pack kPacks[] = {
${rows}};
}  // namespace

std::span<const Pack> Packs() { return kPacks; }

}  // namespace hpol::policies
")
