// SPDX-License-Identifier: Apache-2.0
// Templates without logic (ctemplate, github.com/OlafvdSpek/ctemplate): {{name}} is a value, {{name:h}} the same escaped for HTML (:j JSON, :u URLs),
// {{#name}}..{{/name}} a section, once for each time that it was added. It loads no other template, and always ends. The only door to libctemplate.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace ctemplate {
class TemplateCache;
class TemplateDictionary;
}  // namespace ctemplate

namespace peekr {

// What a section shows; it must not outlive the Template that it is of.
class TemplateValues {
 public:
  explicit TemplateValues(ctemplate::TemplateDictionary* dictionary) : dictionary_(dictionary) {}
  void set(std::string_view name, std::string_view value);
  // A section: once more with each call. What it lacks it has of the one around it.
  [[nodiscard]] TemplateValues add(std::string_view name);
  // A section that has nothing of its own.
  void show(std::string_view name);

 private:
  ctemplate::TemplateDictionary* dictionary_;
};

class Template {
 public:
  // Errc::damaged: it is none; the library says why on standard error.
  static Result<Template> parse(std::string_view text);
  Template(Template&&) noexcept;
  Template& operator=(Template&&) noexcept;
  ~Template();
  [[nodiscard]] TemplateValues values() const;
  void expand(std::string& out) const;

 private:
  Template();
  std::unique_ptr<ctemplate::TemplateCache> cache_;
  std::unique_ptr<ctemplate::TemplateDictionary> dictionary_;
};

}  // namespace peekr
