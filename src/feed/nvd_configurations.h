// SPDX-License-Identifier: Apache-2.0
// The "configurations" of NVD's records, and of nvd-data-overrides:
//   [{"operator": "AND", "nodes": [
//     {"operator": "OR", "negate": false, "cpeMatch": [{"vulnerable": true, "criteria": "cpe:2.3:a:php:php:*:*:*:*:*:*:*:*",
//      "versionEndExcluding": "8.2.20"}]},
//     {"operator": "OR", "negate": false, "cpeMatch": [{"vulnerable": false, "criteria": "cpe:2.3:o:microsoft:windows:-:*:*:*:*:*:*:*"}]}]}]
//
// Out come affected packages of the ecosystem "CPE", named "vendor:product". An operating system, which a CPE has as its target
// software or the configuration "runs on", becomes `systems`; a language that the target software names is what the product is written
// in, and says no more than "*"; any other target software makes it another product, with a third part ("facebook:react:node.js"). A range
// that begins above a version begins at that version here: OSV's ranges cannot say "above". What a configuration runs on
// beside operating systems is not kept, nor is hardware. Where some of it could not be read, the last of them has no package: by what
// the others do not name nobody is cleared.
#pragma once

#include <vector>

#include "feed/json.h"
#include "model/advisory.h"

namespace peekr::nvd {

void read_configurations(json::object cve, const json::Gaps& gaps, std::vector<Affected>& affected);

}  // namespace peekr::nvd
