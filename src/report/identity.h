// SPDX-License-Identifier: Apache-2.0
// What formats of others call the things that a report is about: the image, its packages, vulnerabilities, the document
// itself. The same report gives the same names: nothing is drawn by lot.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/report.h"

namespace peekr {

// "sample%20file": what RFC 3986 lets not stand in a path is escaped.
[[nodiscard]] std::string uri_of(std::string_view path);
// An address as a publisher wrote it, with what may stand in no address escaped.
[[nodiscard]] std::string address(std::string_view text);
// The web page of a vulnerability.
[[nodiscard]] std::string page_of(std::string_view id);

// "docker.io/library/debian", "12"; of a folder or an archive that has no name of its own its file name.
struct ImageName {
  std::string repository, tag;
  bool in_registry = false;  // the repository begins with a host
};
[[nodiscard]] ImageName name_of(const ImageInfo& image);
// A package URL by the digest of the manifest, else of the configuration. Empty: it has neither.
[[nodiscard]] std::string purl(const ImageInfo& image);
// That, or else a URN of what the user called it.
[[nodiscard]] std::string iri_of(const ImageInfo& image);

// A name for each package, by index: its purl, with its path behind where another package has the same.
[[nodiscard]] std::vector<std::string> package_refs(const Inventory& inventory);

// "01234567-89ab-8def-8123-456789abcdef" (RFC 9562, version 8): the front of the SHA-256 of a text.
[[nodiscard]] std::string uuid_of(std::string_view text);
// Of the document that a format makes of the report.
[[nodiscard]] std::string uuid_of(const Report& report, std::string_view format);

// "deb package python3-idna": what has installed all of these (indices), whose they are to change. Empty: the reader's, if only one of them.
[[nodiscard]] std::string installers_of(std::span<const std::size_t> packages, const Inventory& inventory);
// "upgrade openssl to 3.0.11-1", or whose that is to do; why there is nothing to upgrade to, where there is not. Of those packages, or its own.
[[nodiscard]] std::string advice_on(const Finding& finding, std::span<const std::size_t> packages,
                                    const Inventory& inventory);
[[nodiscard]] std::string advice_on(const Finding& finding, const Inventory& inventory);

}  // namespace peekr
