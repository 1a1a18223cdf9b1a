// What a Scratch holds: every buffer of one decision and its renderings. Private to
// runtime/decide. Everything is reused, so that a warm scratch does not allocate.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hpol/engine.h"
#include "runtime/decide/facts.h"
#include "runtime/decide/search.h"
#include "runtime/detect/scan.h"
#include "runtime/redact/redact.h"
#include "runtime/surface/surface.h"
#include "runtime/text/views.h"

namespace hpol {

// Writes decisions; nobody else may.
class DecisionBuilder {
 public:
  // A denial for an internal fault, with nothing in it. Keeps capacity; never throws.
  static void Clear(Decision& decision);

  static Verdict& verdict(Decision& d) { return d.verdict_; }
  static DenyCause& cause(Decision& d) { return d.cause_; }
  static bool& unscanned(Decision& d) { return d.unscanned_; }
  static bool& scanned(Decision& d) { return d.scanned_; }
  static Label& label(Decision& d) { return d.label_; }
  static AttributeId& bad_input(Decision& d) { return d.bad_input_; }
  static std::vector<Candidate>& candidates(Decision& d) { return d.candidates_; }
  static std::vector<Reason>& reasons(Decision& d) { return d.reasons_; }
  static std::vector<Finding>& findings(Decision& d) { return d.findings_; }
  static std::vector<uint32_t>& unknown_facts(Decision& d) { return d.unknown_facts_; }
  static Refusal& refusal(Decision& d) { return d.refusal_; }
};

namespace decide {

// One text as the engine sees it: the original body, or bytes about to leave.
struct Reading {
  surface::Content content;
  text::Views views;
  detect::Matches matches;
  std::vector<uint8_t> off;  // one a match: facts leave it out

  void Wipe();
};

// A body byte range that is replaced when rendering.
struct Edit {
  uint32_t begin = 0;
  uint32_t end = 0;
  std::string_view text;
  bool redaction = false;  // the re-scan ignores findings wholly inside it
};

}  // namespace decide

struct Scratch::State {
  // Of the last Decide. `tables` and `artifact` say for which program; holding the tables keeps
  // their address from being another program's.
  std::shared_ptr<const ir::Tables> tables;
  const hpol_artifact* artifact = nullptr;
  Request request;
  Decision decision;
  decide::Reading original;
  decide::Values values;  // of a request whose attributes were not interned before
  decide::Facts facts;
  decide::SearchMemory search;
  std::vector<decide::Hit> hits;

  std::vector<uint8_t> offered;            // by candidate: not yet taken away
  std::vector<uint8_t> named;              // by candidate: in the row at hand
  std::vector<std::optional<Label>> sent;  // (a) by redaction, when computed

  std::vector<uint32_t> chosen;  // candidates of the last Choose that needed a whole decision

  // Of the last Render.
  std::string model;
  std::vector<decide::Edit> edits;
  redact::Plan plan;
  std::vector<Token> tokens;  // views into the plan
  std::string outbound;
  std::vector<text::RawRange> written;  // by redactions, in `outbound`
  decide::Reading translated;           // of Destination::translated
  decide::Reading leaving;

  ~State();
};

}  // namespace hpol
