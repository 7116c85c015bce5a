// SPDX-License-Identifier: Apache-2.0
// PHP packages that a lock file of Composer asks for: composer.lock, whose list is that of installed.json (composer.cc).
#include <array>

#include "catalog/composer.h"

namespace peekr {
namespace {
constexpr std::array<Pattern, 1> kWants = {"**/composer.lock"};
}  // namespace

namespace catalogers {
extern const Cataloger composer_lock;
constexpr Cataloger composer_lock = {.name = "composer_lock",
                                     .about = "PHP packages that a lock file of Composer asks for",
                                     .version = 1,
                                     .wants = kWants,
                                     .declares = true,
                                     .run = read_composer};
}  // namespace catalogers

}  // namespace peekr
