// SPDX-License-Identifier: Apache-2.0
// What every format says of the system of an image: its name, and that its time is over. Printable.
#pragma once

#include <string>

#include "model/report.h"

namespace peekr {

// "Debian GNU/Linux 8 (jessie)", or that it is not known.
[[nodiscard]] std::string system_name(const Report& report);
// That the system is past its end of life, since when, and what follows; empty: it is not, as far as is known.
[[nodiscard]] std::string end_of_life_text(const Report& report);

}  // namespace peekr
