// Answers for clients of OpenAI's responses. Private to this folder.
#pragma once

#include <memory>

#include "adapters/dialect/answer.h"

namespace hpol::dialect {

std::unique_ptr<AnswerWriter> MakeResponsesWriter(AnswerName name);

}  // namespace hpol::dialect
