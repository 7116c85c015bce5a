// SPDX-License-Identifier: Apache-2.0
// What SUSE calls its products, "SUSE Linux Enterprise Server 15 SP1", as ecosystems: "SUSE:Linux Enterprise Server 15 SP1".
#pragma once

#include <string>
#include <vector>

namespace peekr::suse {

// The ecosystems of a list of products, one for each service pack: Server where it is among them. Products that are none of
// SUSE's: into `unknown`.
std::vector<std::string> ecosystems_of(const std::vector<std::string>& products,
                                       std::vector<std::string>& unknown);

}  // namespace peekr::suse
