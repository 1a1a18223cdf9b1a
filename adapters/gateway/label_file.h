// Labels that outlive requests, in a file of SQLite: they are there again after a restart, and several
// gateways on one machine share them. Door: OpenLabelFile.
#pragma once

#include <memory>
#include <string>

#include "hpol/history.h"
#include "hpol/result.h"

namespace hpol::gateway {

// Makes the file, readable by its owner only, when there is none. Refuses one that is something else.
Result<std::shared_ptr<LabelStore>> OpenLabelFile(const std::string& path);

}  // namespace hpol::gateway
