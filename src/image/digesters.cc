// SPDX-License-Identifier: Apache-2.0
#include "image/digesters.h"

#include <string>

namespace peekr {

Digesters::Digesters(ChecksumKinds kinds) {
  if (kinds == 0) kinds = ~0u;
  if ((kinds & only(Checksum::Kind::md5)) != 0) md5_.emplace("md5");
  if ((kinds & only(Checksum::Kind::sha1)) != 0) sha1_.emplace("sha1");
  if ((kinds & only(Checksum::Kind::sha256)) != 0) sha256_.emplace("sha256");
}

void Digesters::update(std::string_view bytes) {
  for (std::optional<Hasher>* one : {&md5_, &sha1_, &sha256_}) {
    if (*one) (*one)->update(bytes);
  }
}

FileDigests Digesters::finish() {
  const auto of = [](std::optional<Hasher>& one) { return one ? one->finish() : std::string(); };
  return {.md5 = of(md5_), .sha1 = of(sha1_), .sha256 = of(sha256_)};
}

FileDigests digests_of(std::string_view bytes, ChecksumKinds kinds) {
  Digesters all(kinds);
  all.update(bytes);
  return all.finish();
}

}  // namespace peekr
