// SPDX-License-Identifier: Apache-2.0
// updateinfo.xml: the advisories of an rpm repository, as yum and dnf read them (Amazon Linux, Bottlerocket, Fedora):
//   <updates><update type="security" status="final"><id>..</id><title/><severity/><issued date=""/><updated date=""/>
//     <description/><references><reference type="cve" id="" href="" title=""/></references>
//     <pkglist><collection short=""><name/><module name="" stream="" version="" context="" arch=""/>
//       <package name="" epoch="" version="" release="" arch=""/></collection></pkglist></update></updates>
// It says what is fixed. An update that is neither of type security nor names a CVE mends something else and is left out.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "feed/feed.h"

namespace peekr::updateinfo {

struct Build {
  std::string name, epoch, version, release, arch;
  std::string module;  // "nodejs:16"; empty: none
};

struct Update {
  std::string id;
  std::vector<Build> builds;
};

// What differs between those who write this form.
struct Publisher {
  std::string_view name;
  std::string_view prefix;  // of its ids
  // Empty: not said, which is a Note.
  std::string (*ecosystem)(const Update& update, const Build& build);
  // The version from which on the update speaks of the package: "0" for nearly all.
  std::string (*introduced)(const Update& update, const Build& build);
  // Whether the documents of one architecture are of all: then only an update that names several limits its entries.
  enum class Arches { as_written, where_several } arches = Arches::as_written;
};

// A repository without an update yet.
[[nodiscard]] bool is_empty(std::string_view bytes);
[[nodiscard]] bool recognises(std::string_view bytes, std::string_view prefix);
void parse(std::string_view name, std::string_view bytes, const Publisher& publisher, Published& out);

[[nodiscard]] std::string from_the_beginning(const Update& update, const Build& build);  // "0"

}  // namespace peekr::updateinfo
