// A matcher → its tables as constants, one loop over the bytes, and the tables' description as data. States
// are written as offsets of their rows, in the narrowest type that fits, so that a step is two loads and an
// add.
#include <llvm/IR/Constants.h>
#include <llvm/IR/GlobalVariable.h>
#include <llvm/IR/IRBuilder.h>

#include <array>
#include <bitset>

#include "compiler/lower/emit.h"
#include "compiler/pattern/coarsen.h"

namespace hpol::lower {
namespace {

class MatchEmitter {
 public:
  MatchEmitter(llvm::Module& module, const std::string& name, const pattern::Matcher& matcher)
      : matcher_(matcher), name_(name), builder_(module.getContext()), module_(module) {
    MakeTables();
  }

  // The hpol_automaton over the tables.
  llvm::Constant* Describe() {
    llvm::Constant* none = llvm::ConstantPointerNull::get(builder_.getPtrTy());
    const auto number = [this](uint64_t value) { return builder_.getInt32(static_cast<uint32_t>(value)); };
    const auto bytes = [&](llvm::Type* type) { return number(type->getIntegerBitWidth() / 8); };
    std::vector<llvm::Constant*> fields = {next_,
                                           classes_,
                                           accepts_ == nullptr ? none : accepts_,
                                           bytes(state_type_),
                                           bytes(class_type_),
                                           number(matcher_.class_count),
                                           number(matcher_.edge_class),
                                           number(matcher_.next.size()),
                                           number(Offset(matcher_.start)),
                                           number(Offset(matcher_.first_accepting)),
                                           number(Offset(matcher_.first_always)),
                                           number(matcher_.max_length),
                                           number(0)};
    llvm::Constant* value = llvm::ConstantStruct::getAnon(fields);
    return new llvm::GlobalVariable(module_, value->getType(), /*isConstant=*/true,
                                    llvm::GlobalValue::PrivateLinkage, value, name_ + "_automaton");
  }

  llvm::Constant* FirstBytes() {
    std::array<uint64_t, 4> words{};
    const std::bitset<256> first_bytes = matcher_.FirstBytes();
    for (size_t byte = 0; byte < 256; ++byte) {
      if (first_bytes[byte]) words[byte / 64] |= uint64_t{1} << (byte % 64);
    }
    return llvm::ConstantDataArray::get(module_.getContext(), words);
  }

  // The hpol_match_fn.
  llvm::Function* Emit() {
    llvm::Type* pointer = builder_.getPtrTy();
    llvm::Type* word = builder_.getInt64Ty();
    // hpol_match: the C ABIs of x86-64 and AArch64 return two words in registers, as LLVM does.
    result_ = llvm::StructType::get(module_.getContext(), {word, word});
    auto* type = llvm::FunctionType::get(result_, {pointer, pointer, word, word, word}, false);
    function_ = llvm::Function::Create(type, llvm::Function::InternalLinkage, name_, module_);
    SetAttributes(*function_);
    function_->setOnlyReadsMemory();
    text_ = function_->getArg(1);
    size_ = function_->getArg(2);
    at_ = function_->getArg(3);
    limit_ = function_->getArg(4);
    llvm::BasicBlock* entry = Block("entry");
    builder_.SetInsertPoint(entry);
    if (matcher_.max_length == 0) {  // nothing can match
      Return(builder_.getInt64(0), at_);
    } else {
      EmitLoop(entry);
    }
    return function_;
  }

 private:
  llvm::BasicBlock* Block(const char* name) {
    return llvm::BasicBlock::Create(module_.getContext(), name, function_);
  }

  template <typename T>
  llvm::GlobalVariable* Table(const char* suffix, const std::vector<T>& values) {
    llvm::Constant* data = llvm::ConstantDataArray::get(module_.getContext(), values);
    auto* table =
        llvm::cast<llvm::GlobalVariable>(module_.getOrInsertGlobal(name_ + suffix, data->getType()));
    table->setInitializer(data);
    table->setConstant(true);
    table->setLinkage(llvm::GlobalValue::PrivateLinkage);
    table->setUnnamedAddr(llvm::GlobalValue::UnnamedAddr::Global);
    table->setAlignment(llvm::Align(64));
    return table;
  }

  void MakeTables() {
    std::vector<uint16_t> class_of(matcher_.class_of.begin(), matcher_.class_of.end());
    if (matcher_.class_count <= 256) {
      class_type_ = builder_.getInt8Ty();
      classes_ = Table("_class", std::vector<uint8_t>(class_of.begin(), class_of.end()));
    } else {
      class_type_ = builder_.getInt16Ty();
      classes_ = Table("_class", class_of);
    }
    std::vector<uint32_t> next;
    for (uint32_t state : matcher_.next) next.push_back(state * matcher_.class_count);
    if (matcher_.next.size() <= 0x100) {
      state_type_ = builder_.getInt8Ty();
      next_ = Table("_next", std::vector<uint8_t>(next.begin(), next.end()));
    } else if (matcher_.next.size() <= 0x10000) {
      state_type_ = builder_.getInt16Ty();
      next_ = Table("_next", std::vector<uint16_t>(next.begin(), next.end()));
    } else {
      state_type_ = builder_.getInt32Ty();
      next_ = Table("_next", next);
    }
    // Only the rows of states that look at the following byte before they accept.
    const size_t begin = Offset(matcher_.first_accepting);
    const size_t end = Offset(matcher_.first_always);
    std::vector<uint8_t> accepts;
    for (size_t cell = begin; cell < end; ++cell) accepts.push_back(matcher_.accepts[cell] ? 1 : 0);
    if (!accepts.empty()) accepts_ = Table("_accepts", accepts);
  }

  void Return(llvm::Value* end, llvm::Value* stopped) {
    llvm::Value* pair = llvm::PoisonValue::get(result_);
    pair = builder_.CreateInsertValue(pair, end, 0);
    builder_.CreateRet(builder_.CreateInsertValue(pair, stopped, 1));
  }

  uint64_t Offset(uint32_t state) const { return uint64_t{state} * matcher_.class_count; }

  llvm::Value* LoadCell(llvm::Type* type, llvm::GlobalVariable* table, llvm::Value* index) {
    llvm::Value* cell = builder_.CreateLoad(type, builder_.CreateInBoundsGEP(type, table, index));
    return builder_.CreateZExt(cell, builder_.getInt64Ty());
  }

  llvm::Value* ClassAt(llvm::Value* place) {
    llvm::Type* byte_type = builder_.getInt8Ty();
    llvm::Value* byte = builder_.CreateLoad(byte_type, builder_.CreateInBoundsGEP(byte_type, text_, place));
    return LoadCell(class_type_, classes_, builder_.CreateZExt(byte, builder_.getInt64Ty()));
  }

  // The class at `place`, or the edge when `inside` is false. Leaves the builder in a new block.
  llvm::Value* ClassAtOrEdge(llvm::Value* inside, llvm::Value* place) {
    llvm::BasicBlock* here = builder_.GetInsertBlock();
    llvm::BasicBlock* read = Block("look");
    llvm::BasicBlock* join = Block("looked");
    builder_.CreateCondBr(inside, read, join);
    builder_.SetInsertPoint(read);
    llvm::Value* found = ClassAt(place);
    builder_.CreateBr(join);
    builder_.SetInsertPoint(join);
    llvm::PHINode* result = builder_.CreatePHI(builder_.getInt64Ty(), 2);
    result->addIncoming(builder_.getInt64(matcher_.edge_class), here);
    result->addIncoming(found, read);
    return result;
  }

  // The state after the byte before the match; a constant when that byte does not matter.
  llvm::Value* FirstState() {
    const size_t row = Offset(matcher_.start);
    bool same = true;
    for (size_t c = 1; c < matcher_.class_count; ++c) same &= matcher_.next[row + c] == matcher_.next[row];
    if (same) return builder_.getInt64(Offset(matcher_.next[row]));
    llvm::Value* before = ClassAtOrEdge(builder_.CreateICmpNE(at_, builder_.getInt64(0)),
                                        builder_.CreateSub(at_, builder_.getInt64(1)));
    return LoadCell(state_type_, next_, builder_.CreateAdd(before, builder_.getInt64(row)));
  }

  void EmitLoop(llvm::BasicBlock* entry) {
    llvm::Type* word = builder_.getInt64Ty();
    llvm::Value* room = builder_.CreateSub(limit_, at_);
    llvm::Value* most = builder_.getInt64(matcher_.max_length);
    llvm::Value* stop =
        builder_.CreateAdd(at_, builder_.CreateSelect(builder_.CreateICmpULT(room, most), room, most));
    llvm::Value* first = FirstState();
    entry = builder_.GetInsertBlock();

    llvm::BasicBlock* head = Block("head");
    llvm::BasicBlock* body = Block("body");
    llvm::BasicBlock* alive = Block("alive");
    llvm::BasicBlock* done = Block("done");
    builder_.CreateBr(head);

    builder_.SetInsertPoint(head);
    llvm::PHINode* state = builder_.CreatePHI(word, 2, "state");
    llvm::PHINode* place = builder_.CreatePHI(word, 2, "place");
    llvm::PHINode* end = builder_.CreatePHI(word, 2, "end");
    builder_.CreateCondBr(builder_.CreateICmpULT(place, stop), body, done);

    builder_.SetInsertPoint(body);
    llvm::Value* next = LoadCell(state_type_, next_, builder_.CreateAdd(state, ClassAt(place)));
    llvm::Value* after = builder_.CreateAdd(place, builder_.getInt64(1));
    builder_.CreateCondBr(builder_.CreateICmpEQ(next, builder_.getInt64(0)), done, alive);

    builder_.SetInsertPoint(alive);
    llvm::Value* new_end = EmitAccept(next, after, end);
    llvm::BasicBlock* tail = builder_.GetInsertBlock();
    builder_.CreateBr(head);

    state->addIncoming(first, entry);
    state->addIncoming(next, tail);
    place->addIncoming(at_, entry);
    place->addIncoming(after, tail);
    end->addIncoming(builder_.getInt64(0), entry);
    end->addIncoming(new_end, tail);

    builder_.SetInsertPoint(done);
    llvm::PHINode* stopped = builder_.CreatePHI(word, 2, "stopped");
    stopped->addIncoming(place, head);
    stopped->addIncoming(after, body);
    Return(end, stopped);  // `end` dominates: both ways to `done` come through `head`
  }

  // The end of the longest match so far, after a step to `state` that ended at `after`.
  llvm::Value* EmitAccept(llvm::Value* state, llvm::Value* after, llvm::Value* end) {
    llvm::Value* always = builder_.CreateICmpUGE(state, builder_.getInt64(Offset(matcher_.first_always)));
    llvm::Value* result = builder_.CreateSelect(always, after, end);
    if (accepts_ == nullptr) return result;
    // States below `first_accepting` wrap round to large numbers.
    llvm::Value* row = builder_.CreateSub(state, builder_.getInt64(Offset(matcher_.first_accepting)));
    const uint64_t rows = Offset(matcher_.first_always) - Offset(matcher_.first_accepting);
    llvm::BasicBlock* here = builder_.GetInsertBlock();
    llvm::BasicBlock* look = Block("sometimes");
    llvm::BasicBlock* join = Block("accepted");
    builder_.CreateCondBr(builder_.CreateICmpULT(row, builder_.getInt64(rows)), look, join);
    builder_.SetInsertPoint(look);
    llvm::Value* following = ClassAtOrEdge(builder_.CreateICmpULT(after, size_), after);
    llvm::Value* accepts = LoadCell(builder_.getInt8Ty(), accepts_, builder_.CreateAdd(row, following));
    llvm::Value* looked =
        builder_.CreateSelect(builder_.CreateICmpNE(accepts, builder_.getInt64(0)), after, end);
    llvm::BasicBlock* from = builder_.GetInsertBlock();
    builder_.CreateBr(join);
    builder_.SetInsertPoint(join);
    llvm::PHINode* joined = builder_.CreatePHI(builder_.getInt64Ty(), 2);
    joined->addIncoming(result, here);
    joined->addIncoming(looked, from);
    return joined;
  }

  const pattern::Matcher& matcher_;
  const std::string name_;
  llvm::IRBuilder<> builder_;
  llvm::Module& module_;
  llvm::StructType* result_ = nullptr;
  llvm::Function* function_ = nullptr;
  llvm::Value* text_ = nullptr;
  llvm::Value* size_ = nullptr;
  llvm::Value* at_ = nullptr;
  llvm::Value* limit_ = nullptr;
  llvm::Type* class_type_ = nullptr;
  llvm::Type* state_type_ = nullptr;
  llvm::GlobalVariable* classes_ = nullptr;
  llvm::GlobalVariable* next_ = nullptr;
  llvm::GlobalVariable* accepts_ = nullptr;
};

}  // namespace

llvm::Constant* EmitMatch(llvm::Module& module, const std::string& number, const pattern::Matcher& matcher) {
  MatchEmitter emitter(module, "hpol_match_" + number, matcher);
  llvm::Constant* none = llvm::ConstantPointerNull::get(llvm::PointerType::getUnqual(module.getContext()));
  llvm::Constant* coarse = none;
  if (pattern::HasCoarse(matcher)) {
    coarse = MatchEmitter(module, "hpol_coarse_" + number, pattern::Coarsen(matcher)).Describe();
  }
  llvm::Constant* words =
      matcher.tries.empty() ? none : EmitWords(module, "hpol_words_" + number, matcher.tries);
  llvm::Constant* lists =
      llvm::ConstantInt::get(llvm::Type::getInt64Ty(module.getContext()), matcher.tries.size());
  llvm::Constant* automaton = emitter.Describe();
  return llvm::ConstantStruct::getAnon(
      {emitter.Emit(), none, emitter.FirstBytes(), automaton, coarse, words, lists});
}

}  // namespace hpol::lower
