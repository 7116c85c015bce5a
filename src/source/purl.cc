// SPDX-License-Identifier: Apache-2.0
// A package URL as a target: one package that is nowhere. What it says is read when it is catalogued (catalog/document.h).
#include "source/source.h"

namespace peekr {
namespace {

Result<bool> recognises(const std::string& /*path*/, const Limits& /*limits*/) { return false; }

Result<Image> open(const ImageRef& ref, const Limits& /*limits*/) {
  Image image;
  image.info.kind = "purl";
  image.document = "pkg:" + ref.text;
  return image;
}

}  // namespace

namespace sources {
extern const Source purl = {
    .scheme = "pkg",
    .about = "a package URL: pkg:deb/debian/openssl@3.0.11-1~deb12u2?distro=debian-12",
    .recognises = recognises,
    .open = open,
};
}  // namespace sources

}  // namespace peekr
