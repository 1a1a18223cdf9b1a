// AttributeSet: an engine's domains, and values in them.
#include "hpol/engine.h"
#include "runtime/decide/index.h"

namespace hpol {

AttributeSet::AttributeSet(const Engine& engine)
    : index_(engine.index_), values_(std::make_unique<decide::Values>()) {
  index_->domains.Clear(*values_);
}
AttributeSet::~AttributeSet() = default;
AttributeSet::AttributeSet(AttributeSet&&) noexcept = default;
AttributeSet& AttributeSet::operator=(AttributeSet&&) noexcept = default;

bool AttributeSet::Declared(AttributeId attribute, Source source) const noexcept {
  return attribute.value < values_->attributes.size() && index_->domains.source(attribute.value) == source;
}

void AttributeSet::Clear() noexcept { index_->domains.Clear(*values_); }

bool AttributeSet::Set(AttributeId attribute, Source source, std::string_view value) noexcept {
  return Set(attribute, source, std::span<const std::string_view>(&value, 1));
}

bool AttributeSet::Set(AttributeId attribute, Source source,
                       std::span<const std::string_view> values) noexcept {
  if (!Declared(attribute, source)) return false;
  try {
    return index_->domains.Set(*values_, attribute.value, values);
  } catch (...) {  // no memory for the elements of a set
    index_->domains.SetMissing(*values_, attribute.value);
    return false;
  }
}

bool AttributeSet::SetInt(AttributeId attribute, Source source, int64_t value) noexcept {
  return Declared(attribute, source) && index_->domains.SetInt(*values_, attribute.value, value);
}

bool AttributeSet::SetBool(AttributeId attribute, Source source, bool value) noexcept {
  return Declared(attribute, source) && index_->domains.SetBool(*values_, attribute.value, value);
}

bool AttributeSet::SetMember(AttributeId attribute, Source source, uint32_t member) noexcept {
  return Declared(attribute, source) && index_->domains.SetMember(*values_, attribute.value, member);
}

}  // namespace hpol
