// What stands for a value: tokens, ciphertexts, values of the same form. Private to runtime/redact.
#pragma once

#include "runtime/redact/redact.h"

namespace hpol::redact {

// Appends to Plan::texts what the action of `span` writes (any but kRemove and kMask) and enters into
// Plan::minted what can be turned back. `own`: the bytes of the span are exactly those of its finding. A
// value whose form the action cannot keep is masked. False when the library refuses: then nothing may be
// sent.
bool AppendForm(const ir::Tables& tables, const Original& original, const Span& span, bool own,
                const TokenKey& key, Plan& plan);

}  // namespace hpol::redact
