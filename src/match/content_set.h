// SPDX-License-Identifier: Apache-2.0
// Red Hat's content sets: the repositories that an image was built from, by name, and the product (CPE) that each
// belongs to. Pure.
#pragma once

#include <string>
#include <string_view>

namespace peekr {

// "rhel-9-for-x86_64-baseos-rpms" -> "Red Hat:enterprise_linux:9::baseos"; "rhel-9-for-x86_64-appstream-eus-rpms__9_DOT_2"
// -> "Red Hat:rhel_eus:9.2::appstream"; "rhocp-4.13-for-rhel-8-x86_64-rpms" -> "Red Hat:openshift:4.13::el8".
// release: of the image, "9.2", where the name has none. Empty: a content set of a kind that is not known.
[[nodiscard]] std::string product_of_content_set(std::string_view name, std::string_view release);

}  // namespace peekr
