#include "compiler/lower/filter_steps.h"

#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/Intrinsics.h>

#include <vector>

#include "compiler/lower/emit.h"

namespace hpol::lower {
namespace {

class Steps {
 public:
  Steps(llvm::Module& module, const filter::Program& program, unsigned lanes)
      : program_(program), lanes_(lanes), builder_(module.getContext()) {
    llvm::Type* word = builder_.getInt64Ty();
    llvm::Type* pointer = builder_.getPtrTy();
    vector_ = llvm::FixedVectorType::get(builder_.getInt64Ty(), lanes);
    function_ = llvm::Function::Create(llvm::FunctionType::get(word, {pointer, pointer, pointer}, false),
                                       llvm::Function::ExternalLinkage, FilterName(lanes), module);
    for (unsigned i = 0; i < 3; ++i) function_->addParamAttr(i, llvm::Attribute::NoAlias);
    SetAttributes(*function_);
    function_->addFnAttr("prefer-vector-width", std::to_string(64 * lanes));
    builder_.SetInsertPoint(llvm::BasicBlock::Create(module.getContext(), "block", function_));
  }

  llvm::Function* Emit() {
    values_.assign(program_.planes, nullptr);
    for (const filter::Op& op : program_.ops) values_[op.result] = Step(op);
    for (size_t i = 0; i < program_.delayed.size(); ++i)
      Store(Plane(program_.delayed[i]), function_->getArg(1), i);
    llvm::Value* any = llvm::Constant::getNullValue(vector_);
    for (const filter::Output& output : program_.outputs) any = builder_.CreateOr(any, Plane(output.plane));
    llvm::Value* found = builder_.CreateOrReduce(any);
    StoreOutputs(found);
    return function_;
  }

 private:
  // Outputs are written only where some bit is set: on ordinary text hardly ever.
  void StoreOutputs(llvm::Value* found) {
    llvm::LLVMContext& context = builder_.getContext();
    llvm::BasicBlock* store = llvm::BasicBlock::Create(context, "found", function_);
    llvm::BasicBlock* done = llvm::BasicBlock::Create(context, "done", function_);
    llvm::Value* is_set = builder_.CreateICmpNE(found, builder_.getInt64(0));
    builder_.CreateCondBr(is_set, store, done);
    builder_.SetInsertPoint(store);
    for (size_t i = 0; i < program_.outputs.size(); ++i)
      Store(Plane(program_.outputs[i].plane), function_->getArg(2), i);
    builder_.CreateBr(done);
    builder_.SetInsertPoint(done);
    builder_.CreateRet(builder_.CreateZExt(is_set, builder_.getInt64Ty()));
  }

  llvm::Value* Step(const filter::Op& op) {
    llvm::Value* left = Plane(op.left);
    switch (op.kind) {
      case filter::Op::Kind::kAnd:
        return builder_.CreateAnd(left, Plane(op.right));
      case filter::Op::Kind::kAndNot:
        return builder_.CreateAnd(left, builder_.CreateNot(Plane(op.right)));
      case filter::Op::Kind::kOr:
        return builder_.CreateOr(left, Plane(op.right));
      case filter::Op::Kind::kDelay:
        break;
    }
    llvm::Value* amount =
        llvm::ConstantVector::getSplat(llvm::ElementCount::getFixed(lanes_), builder_.getInt64(op.amount));
    return builder_.CreateIntrinsic(llvm::Intrinsic::fshl, {vector_}, {left, Before(op.right, left), amount});
  }

  // The words that stand one lane before those of `left`: the last of the block before comes in first.
  llvm::Value* Before(uint16_t carry, llvm::Value* left) {
    std::vector<int> lanes;
    for (unsigned i = 0; i < lanes_; ++i) lanes.push_back(static_cast<int>(lanes_ - 1 + i));
    return builder_.CreateShuffleVector(Load(function_->getArg(1), carry), left, lanes);
  }

  llvm::Value* Plane(uint16_t index) {
    if (values_[index] == nullptr) values_[index] = Load(function_->getArg(0), index);
    return values_[index];
  }

  llvm::Value* At(llvm::Value* array, size_t index) {
    return builder_.CreateConstInBoundsGEP1_64(vector_, array, index);
  }
  llvm::Value* Load(llvm::Value* array, size_t index) {
    return builder_.CreateAlignedLoad(vector_, At(array, index), llvm::Align(8 * lanes_));
  }
  void Store(llvm::Value* value, llvm::Value* array, size_t index) {
    builder_.CreateAlignedStore(value, At(array, index), llvm::Align(8 * lanes_));
  }

  const filter::Program& program_;
  unsigned lanes_;
  llvm::IRBuilder<> builder_;
  llvm::FixedVectorType* vector_ = nullptr;
  llvm::Function* function_ = nullptr;
  std::vector<llvm::Value*> values_;
};

}  // namespace

std::string FilterName(unsigned lanes) { return "hpol_filter_" + std::to_string(lanes); }

llvm::Function* EmitFilter(llvm::Module& module, const filter::Program& program, unsigned lanes) {
  return Steps(module, program, lanes).Emit();
}

}  // namespace hpol::lower
