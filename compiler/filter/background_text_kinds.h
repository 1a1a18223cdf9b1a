// The kinds of text. Each function appends a few hundred bytes of one kind: a paragraph, a
// function, an entry. Inside background_text only.
#pragma once

#include <string>

#include "compiler/filter/background_text_words.h"

namespace hpol::filter {

void AppendProse(Random& random, std::string& out, bool crlf);
void AppendDialogue(Random& random, std::string& out);
void AppendDocumentation(Random& random, std::string& out);
void AppendMail(Random& random, std::string& out);
void AppendChangeLog(Random& random, std::string& out);
void AppendForeign(Random& random, std::string& out, uint32_t language);

void AppendCode(Random& random, std::string& out);
void AppendScript(Random& random, std::string& out);
void AppendConfiguration(Random& random, std::string& out);
void AppendLog(Random& random, std::string& out);
void AppendTable(Random& random, std::string& out);

}  // namespace hpol::filter
