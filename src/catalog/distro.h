// SPDX-License-Identifier: Apache-2.0
// Which of the release files of an image names its operating system, and what the others add.
#pragma once

#include <optional>
#include <vector>

#include "model/package.h"

namespace peekr {

// One Distro of those that the release files of one image say. The best file (os-release, then a
// distribution's own file, then those that derivatives share) decides the id; files that agree on it fill
// what it leaves open. For Alpine, codename is the branch of etc/apk/repositories ("edge", "v3.19") where
// that is another than version_id's.
[[nodiscard]] std::optional<Distro> join_distros(std::vector<Distro> distros);

}  // namespace peekr
