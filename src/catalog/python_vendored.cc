// SPDX-License-Identifier: Apache-2.0
// Python packages that another one has taken into its own folder (pip.pypa.io, "Vendoring Policy"):
//
//   pip/_vendor/vendor.txt   requests==2.31.0          pinned, one a line; what it needs may be indented below it
//                                certifi==2023.7.22    # a comment
//   bleach/_vendor/vendor.txt    html5lib==1.1 \       goes on in the next line
//                                  --hash=sha256:..
//
// The list says what was copied there: claimed.
#include <algorithm>
#include <array>
#include <string>

#include "base/text.h"
#include "catalog/cataloger.h"
#include "catalog/requirements.h"
#include "catalog/stanza.h"

namespace peekr {
namespace {

void run(const File& file, Inventory& found) {
  FileNotes notes(file.path, found);
  for (std::string_view rest = without_mark(file.bytes); !rest.empty();) {
    const std::string line = next_requirement(rest);
    const std::string_view text = asked_in(line);
    if (text.empty()) continue;
    const std::size_t equals = text.find("==");
    const std::string_view name = trim(text.substr(0, std::min(text.find('['), equals)));
    if (name == "setuptools") continue;  // pip has pkg_resources of it, no more
    if (equals == std::string_view::npos) {
      notes.add(Why::unsupported, peekr::quoted(text) + ": which version is not said");
      continue;
    }
    add_named({.type = "pypi",
               .name = std::string(name),
               .version = std::string(trim(text.substr(equals + 2))),
               .path = file.path,
               .claimed = true},
              found, notes);
  }
  notes.finish();
}

constexpr std::array<Pattern, 1> kWants = {"**/_vendor/vendor.txt"};

}  // namespace

namespace catalogers {
extern const Cataloger python_vendored;
constexpr Cataloger python_vendored = {
    .name = "python_vendored",
    .about = "Python packages that lie copied in another one: pip's vendor.txt",
    .version = 2,
    .wants = kWants,
    .run = run};
}  // namespace catalogers

}  // namespace peekr
