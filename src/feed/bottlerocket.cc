// SPDX-License-Identifier: Apache-2.0
// Bottlerocket's advisories (advisories.bottlerocket.aws/updateinfo.xml.gz): updateinfo, one id "BRSA-..." for one
// vulnerability, the same for every variant and release.
#include "feed/updateinfo.h"

namespace peekr {
namespace {

std::string ecosystem(const updateinfo::Update& /*update*/, const updateinfo::Build& /*build*/) {
  return "Bottlerocket";
}

constexpr updateinfo::Publisher kBottlerocket = {.name = "Bottlerocket",
                                                 .prefix = "BRSA-",
                                                 .ecosystem = ecosystem,
                                                 .introduced = updateinfo::from_the_beginning};

constexpr Origin kOrigins[] = {
    {.name = "bottlerocket",
     .url = "https://advisories.bottlerocket.aws/updateinfo.xml.gz",
     .ecosystems = "Bottlerocket"},
};

}  // namespace

namespace feeds {
extern const Feed bottlerocket;
constexpr Feed bottlerocket = {
    .name = "bottlerocket",
    .about = "Bottlerocket's updateinfo",
    .origins = kOrigins,
    .recognises = [](std::string_view /*name*/,
                     std::string_view bytes) { return updateinfo::recognises(bytes, kBottlerocket.prefix); },
    .parse = [](std::string_view name, std::string_view bytes,
                Published& out) { updateinfo::parse(name, bytes, kBottlerocket, out); },
};
}  // namespace feeds

}  // namespace peekr
