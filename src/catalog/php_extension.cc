// SPDX-License-Identifier: Apache-2.0
// Extensions of PHP that no package has, as docker-php-ext-install and pecl build them: php/extensions/no-debug-.../redis.so.
// Each names itself, its version and the interface that it was built for (Zend/zend_modules.h) one after the other:
//
//   \0redis\0005.3.7\0API20220829,NTS\0
//
// The name that counts is that of the file, which php.ini has. Those that come with PHP have its version.
#include <string>

#include "base/text.h"
#include "catalog/executable.h"
#include "lib/regex.h"

namespace peekr {
namespace {

// A path of "a/php8/b/c.so"; Debian has php/20220829, Alpine php82/modules.
bool is_of_php(std::string_view path) {
  return path.ends_with(".so") && !path.ends_with("/.so") &&
         (path.starts_with("php") || path.find("/php") != std::string_view::npos);
}

std::string version_of(std::string_view bytes) {
  static const Regex kBeside(R"(\x00(\d+\.\d+(?:\.\d+)*(?:-?[a-zA-Z]+\d*)?)\x00+API20\d{6},)");
  static const Regex kAnywhere(R"(\x00(\d+\.\d+\.\d+(?:(?:alpha|beta|RC)\d+)?)\x00)");  // opcache's
  std::vector<std::string> found = kBeside.find(bytes);
  if (found.empty()) found = kAnywhere.find(bytes);
  return found.empty() ? std::string() : found.front();
}

void run(const File& file, Inventory& found) {
  if (!is_of_php(file.path.str())) return;
  if (file.size != 0) {  // none is so large
    if (file.offset == 0)
      found.notes.push_back({file.path, Why::too_big, "as an extension of PHP: it is read in pieces"});
    return;
  }
  const std::size_t built = file.bytes.find(",NTS"), safe = file.bytes.find(",TS");
  if (std::min(built, safe) == std::string_view::npos ||
      file.bytes.find(std::string_view("\0API20", 6)) == std::string_view::npos)
    return;
  const std::string_view name = file.path.name();
  Package package{.type = "generic",
                  // "redis" would be the server
                  .name = "php-" + std::string(name.substr(0, name.size() - 3)),
                  .version = version_of(file.bytes),
                  .path = file.path,
                  .by_content = true};
  if (package.version.empty()) {
    found.notes.push_back({file.path, Why::unsupported, "an extension of PHP without a version"});
  } else {
    found.add(std::move(package));
  }
}

}  // namespace

namespace catalogers {
extern const Cataloger php_extension;
constexpr Cataloger php_extension = executables_row(
    "php_extension", "extensions of PHP without a package, by what stands in their bytes", run);
}  // namespace catalogers

}  // namespace peekr
