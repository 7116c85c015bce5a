// SPDX-License-Identifier: Apache-2.0
#include "lib/template.h"

#include <ctemplate/template_cache.h>
#include <ctemplate/template_dictionary.h>
#include <ctemplate/template_emitter.h>
#include <ctemplate/template_enums.h>

#include <cassert>

namespace peekr {
namespace {

constexpr char kKey[] = "template";

ctemplate::TemplateString text_of(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

void TemplateValues::set(std::string_view name, std::string_view value) {
  dictionary_->SetValue(text_of(name), text_of(value));
}

TemplateValues TemplateValues::add(std::string_view name) {
  return TemplateValues(dictionary_->AddSectionDictionary(text_of(name)));
}

void TemplateValues::show(std::string_view name) { dictionary_->ShowSection(text_of(name)); }

Template::Template()
    : cache_(std::make_unique<ctemplate::TemplateCache>()),
      dictionary_(std::make_unique<ctemplate::TemplateDictionary>(kKey)) {}
Template::Template(Template&&) noexcept = default;
Template& Template::operator=(Template&&) noexcept = default;
Template::~Template() = default;

Result<Template> Template::parse(std::string_view text) {
  // The library would leave out what begins a marker and does not end it.
  const std::size_t open = text.rfind("{{"), close = text.rfind("}}");
  if (open != std::string_view::npos && (close == std::string_view::npos || close < open))
    return fail(Errc::damaged, "not a template: the last {{ is not closed");
  Template made;
  if (!made.cache_->StringToTemplateCache(kKey, text_of(text), ctemplate::DO_NOT_STRIP))
    return fail(Errc::damaged, "not a template");
  made.cache_->Freeze();  // it loads nothing from files
  return made;
}

TemplateValues Template::values() const { return TemplateValues(dictionary_.get()); }

void Template::expand(std::string& out) const {
  ctemplate::StringEmitter emitter(&out);
  [[maybe_unused]] const bool done =
      cache_->ExpandNoLoad(kKey, ctemplate::DO_NOT_STRIP, dictionary_.get(), nullptr, &emitter);
  assert(done);
}

}  // namespace peekr
