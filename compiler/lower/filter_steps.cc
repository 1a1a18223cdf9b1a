#include "compiler/lower/filter_steps.h"

#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/Intrinsics.h>

#include <vector>

#include "compiler/lower/emit.h"

namespace hpol::lower {
namespace {

struct Level {
  const char* name;
  const char* features;
  const char* width;  // of vectors, in bits
  bool reversed;      // words of planes hold their bytes from the highest bit down
};

class Steps {
 public:
  Steps(llvm::Module& module, const filter::Program& program, const Level& level)
      : program_(program), reversed_(level.reversed), builder_(module.getContext()) {
    llvm::Type* word = builder_.getInt64Ty();
    llvm::Type* pointer = builder_.getPtrTy();
    vector_ = llvm::FixedVectorType::get(builder_.getInt64Ty(), filter::kLanes);
    function_ = llvm::Function::Create(llvm::FunctionType::get(word, {pointer, pointer, pointer}, false),
                                       llvm::Function::ExternalLinkage, level.name, module);
    for (unsigned i = 0; i < 3; ++i) function_->addParamAttr(i, llvm::Attribute::NoAlias);
    SetAttributes(*function_);
    function_->addFnAttr("prefer-vector-width", level.width);
    function_->addFnAttr("target-features", level.features);
    builder_.SetInsertPoint(llvm::BasicBlock::Create(module.getContext(), "block", function_));
  }

  void Emit() {
    values_.assign(program_.planes, nullptr);
    for (size_t p = 0; p < filter::kClassPlanes; ++p) values_[p] = Load(function_->getArg(0), p);
    Found found = {llvm::Constant::getNullValue(vector_), builder_.getInt64(0)};
    filter::StepGroup before;
    for (size_t g = 0; g < program_.groups.size(); ++g) {
      const filter::StepGroup& group = program_.groups[g];
      if (g == 0) {
        EmitGroup(0, before, group, found);
      } else {
        Where(AnyBit(Plane(group.guard)), found, [&](Found& inside) { EmitGroup(g, before, group, inside); });
      }
      before = group;
    }
    Store(found.any, function_->getArg(1), 0);
    builder_.CreateRet(found.groups);
  }

 private:
  // What was found so far: where some output is set, and in which groups.
  struct Found {
    llvm::Value* any;
    llvm::Value* groups;
  };

  // The code that `emit` makes runs only where `condition` holds; it may change `found`.
  template <typename Emit>
  void Where(llvm::Value* condition, Found& found, const Emit& emit) {
    llvm::LLVMContext& context = builder_.getContext();
    llvm::BasicBlock* from = builder_.GetInsertBlock();
    llvm::BasicBlock* inside = llvm::BasicBlock::Create(context, "inside", function_);
    llvm::BasicBlock* after = llvm::BasicBlock::Create(context, "after", function_);
    builder_.CreateCondBr(condition, inside, after);
    builder_.SetInsertPoint(inside);
    Found changed = found;
    emit(changed);
    llvm::BasicBlock* to = builder_.GetInsertBlock();
    builder_.CreateBr(after);
    builder_.SetInsertPoint(after);
    found = {Either(from, found.any, to, changed.any), Either(from, found.groups, to, changed.groups)};
  }

  llvm::Value* Either(llvm::BasicBlock* from, llvm::Value* before, llvm::BasicBlock* to, llvm::Value* after) {
    if (before == after) return before;
    llvm::PHINode* either = builder_.CreatePHI(before->getType(), 2);
    either->addIncoming(before, from);
    either->addIncoming(after, to);
    return either;
  }

  // Outputs are written only where some bit is set: on ordinary text hardly ever.
  void EmitGroup(size_t index, const filter::StepGroup& before, const filter::StepGroup& group,
                 Found& found) {
    for (size_t i = before.ops; i < group.ops; ++i) values_[program_.ops[i].result] = Step(program_.ops[i]);
    if (before.outputs == group.outputs) return;
    llvm::Value* any = llvm::Constant::getNullValue(vector_);
    for (size_t i = before.outputs; i < group.outputs; ++i)
      any = builder_.CreateOr(any, Plane(program_.outputs[i].plane));
    any = builder_.CreateAnd(any, OwnWords());
    Where(AnyBit(any), found, [&](Found& inside) {
      for (size_t i = before.outputs; i < group.outputs; ++i)
        Store(Plane(program_.outputs[i].plane), function_->getArg(2), i);
      inside.any = builder_.CreateOr(inside.any, any);
      inside.groups = builder_.CreateOr(inside.groups, builder_.getInt64(uint64_t{1} << index));
    });
  }

  llvm::Value* AnyBit(llvm::Value* plane) {
    return builder_.CreateICmpNE(builder_.CreateOrReduce(plane), builder_.getInt64(0));
  }

  // All but the first word: those are the bytes before the block.
  llvm::Constant* OwnWords() {
    std::vector<llvm::Constant*> words(filter::kLanes, builder_.getInt64(~uint64_t{0}));
    words[0] = builder_.getInt64(0);
    return llvm::ConstantVector::get(words);
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
    llvm::Value* amount = llvm::ConstantVector::getSplat(llvm::ElementCount::getFixed(filter::kLanes),
                                                         builder_.getInt64(op.amount));
    llvm::Value* before = WordBefore(left);
    return reversed_ ? builder_.CreateIntrinsic(llvm::Intrinsic::fshr, {vector_}, {before, left, amount})
                     : builder_.CreateIntrinsic(llvm::Intrinsic::fshl, {vector_}, {left, before, amount});
  }

  // The words that stand one lane before those of `plane`; nothing stands before the first.
  llvm::Value* WordBefore(llvm::Value* plane) {
    std::vector<int> lanes;
    for (int i = 0; i < filter::kLanes; ++i) lanes.push_back(filter::kLanes - 1 + i);
    return builder_.CreateShuffleVector(llvm::Constant::getNullValue(vector_), plane, lanes);
  }

  llvm::Value* Plane(uint16_t index) { return values_[index]; }

  llvm::Value* At(llvm::Value* array, size_t index) {
    return builder_.CreateConstInBoundsGEP1_64(vector_, array, index);
  }
  llvm::Value* Load(llvm::Value* array, size_t index) {
    return builder_.CreateAlignedLoad(vector_, At(array, index), llvm::Align(64));
  }
  void Store(llvm::Value* value, llvm::Value* array, size_t index) {
    builder_.CreateAlignedStore(value, At(array, index), llvm::Align(64));
  }

  const filter::Program& program_;
  bool reversed_;
  llvm::IRBuilder<> builder_;
  llvm::FixedVectorType* vector_ = nullptr;
  llvm::Function* function_ = nullptr;
  std::vector<llvm::Value*> values_;
};

}  // namespace

// The same steps for every level: LLVM cuts the vectors to what it has.
void EmitFilter(llvm::Module& module, const filter::Program& program) {
  for (const Level& level :
       {Level{kFilterScalarName, "", "128", false}, Level{kFilterAvx2Name, "+avx2,+bmi,+bmi2", "256", false},
        Level{kFilterAvx512Name, "+avx512f,+avx512bw,+avx512vl,+avx512dq,+avx512vbmi,+avx512vbmi2,+gfni",
              "512", true}}) {
    Steps(module, program, level).Emit();
  }
}

}  // namespace hpol::lower
