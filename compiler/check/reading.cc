// `read without`: steps of reading a text (runtime/text/steps.h) that this policy switches off. Each hides
// values written so from every detector, so each is warned of.
#include <iterator>
#include <string>
#include <vector>

#include "compiler/check/context.h"
#include "runtime/text/steps.h"

namespace hpol::check {
namespace {

// What is read differently without the step, in the order of text::Step.
constexpr std::string_view kLost[] = {
    "full-width characters such as `４` stay as they are",
    "digits of other scripts such as `٤` stay as they are",
    "dashes such as `–` stay as they are",
    "spaces such as the no-break space stay as they are",
    "invisible characters stay between others",
    "`\\u0034` that is spelled out stays as it is",
    "invisible tag characters stand for nothing",
    "number forms such as `④` and `⁴` stay as they are",
    "letter forms such as `𝐚` and `ﬁ` stay as they are",
    "combining marks stay on the characters",
    "`四` beside another digit stays as it is",
    "markup and line ends between digits keep them apart",
    "`&#52;` stays as it is",
    "`%34` stays as it is",
    "`\\x34` stays as it is",
    "`=34` stays as it is",
    "text in hexadecimal is not read",
    "text in base64 is not read",
    "text in base32 is not read",
    "compressed text is not read",
    "what is encoded and cannot be read no longer counts as unscanned",
};
static_assert(std::size(kLost) == text::kStepCount);

std::vector<std::string> StepNames() {
  std::vector<std::string> names;
  for (uint32_t i = 0; i < text::kStepCount; ++i)
    names.emplace_back(text::StepName(static_cast<text::Step>(i)));
  return names;
}

}  // namespace

void CollectReading(Context& context) {
  Names declared;
  for (const ast::Name& name : context.ast.read_without) {
    const std::optional<text::Step> step = text::StepNamed(name.text);
    if (!step) {
      ReportUnknown(name, "step of reading", StepNames(), context.diagnostics);
      continue;
    }
    const auto index = static_cast<uint32_t>(*step);
    if (!declared.Declare(name, index, "step", context.diagnostics)) continue;
    context.hir.steps_off |= uint32_t{1} << index;
    context.diagnostics.Warning(
        DiagnosticKind::kWeakerReading, name.span,
        "detectors miss what is written so: this policy reads without " + Tick(name.text),
        std::string(kLost[index]));
  }
}

}  // namespace hpol::check
