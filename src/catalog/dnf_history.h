// SPDX-License-Identifier: Apache-2.0
// Which repositories dnf took packages from.
#pragma once

#include <string>
#include <vector>

namespace peekr {

// Of Inventory::repositories: those of dnf's history count beside the content sets of the image that dnf was run in. On their own they
// would leave out what was there before its first transaction.
void settle_dnf_repositories(std::vector<std::string>& repositories);

}  // namespace peekr
