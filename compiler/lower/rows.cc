// Rule rows → straight-line bit code. Each fact is one bit of a column word: words are loaded once,
// a bit is a shift, AND and OR work on whole registers and only their lowest bit counts, so that the
// mask is taken once a row. No branches.
#include <llvm/IR/IRBuilder.h>

#include <map>
#include <utility>

#include "compiler/lower/emit.h"
#include "compiler/lower/lower.h"

namespace hpol::lower {
namespace {

// A function ends at the row word after so many nodes: LLVM takes more than linear time on long blocks, and
// bits that wait for their next use in registers would be spilled.
constexpr uint32_t kNodesInFunction = 512;
constexpr uint32_t kRowsInWord = 64;

using ConditionSpan = std::pair<size_t, size_t>;  // rows [first, second)

// One function over some rows: the three arrays in, row words out.
class RowsEmitter {
 public:
  RowsEmitter(llvm::Function& function, const std::vector<ir::Node>& nodes)
      : nodes_(nodes),
        builder_(llvm::BasicBlock::Create(function.getContext(), "entry", &function)),
        positive_(function.getArg(0)),
        negative_(function.getArg(1)),
        rows_(function.getArg(2)) {}

  void Emit(const std::vector<ir::Range>& conditions, ConditionSpan span) {
    for (size_t first = span.first; first < span.second; first += kRowsInWord) {
      llvm::Value* word = builder_.getInt64(0);
      for (size_t row = first; row < span.second && row < first + kRowsInWord; ++row) {
        llvm::Value* bit = builder_.CreateAnd(Condition(conditions[row]), builder_.getInt64(1));
        word = builder_.CreateOr(word, builder_.CreateShl(bit, row - first));
      }
      Store(first / kRowsInWord, word);
    }
    builder_.CreateRetVoid();
  }

 private:
  // A value whose lowest bit is the condition's truth.
  llvm::Value* Condition(ir::Range range) {
    if (range.count == 0) return builder_.getInt64(1);
    std::vector<llvm::Value*> stack;
    for (uint32_t i = range.begin; i < range.begin + range.count; ++i) {
      const ir::Node& node = nodes_[i];
      switch (node.kind) {
        case ir::NodeKind::kFact:
          stack.push_back(Literal(positive_, node.value));
          break;
        case ir::NodeKind::kNotFact:
          stack.push_back(Literal(negative_, node.value));
          break;
        case ir::NodeKind::kAnd:
        case ir::NodeKind::kOr:
          Combine(node, stack);
          break;
        case ir::NodeKind::kTrue:
          stack.push_back(builder_.getInt64(1));
          break;
        case ir::NodeKind::kFalse:
          stack.push_back(builder_.getInt64(0));
          break;
      }
    }
    return stack.back();
  }

  void Combine(const ir::Node& node, std::vector<llvm::Value*>& stack) {
    const bool all = node.kind == ir::NodeKind::kAnd;
    llvm::Value* result = builder_.getInt64(all ? 1 : 0);
    for (size_t i = stack.size() - node.value; i < stack.size(); ++i) {
      result = i == stack.size() - node.value ? stack[i]
               : all                          ? builder_.CreateAnd(result, stack[i])
                                              : builder_.CreateOr(result, stack[i]);
    }
    stack.resize(stack.size() - node.value);
    stack.push_back(result);
  }

  llvm::Value* Literal(llvm::Value* column, uint32_t fact) {
    llvm::Value*& literal = literals_[{column, fact}];
    if (literal == nullptr) literal = builder_.CreateLShr(Word(column, fact / 64), fact % 64);
    return literal;
  }

  llvm::Value* Word(llvm::Value* column, uint32_t index) {
    llvm::Value*& word = words_[{column, index}];
    if (word == nullptr) {
      word = builder_.CreateAlignedLoad(
          builder_.getInt64Ty(), builder_.CreateConstInBoundsGEP1_64(builder_.getInt64Ty(), column, index),
          llvm::Align(8));
    }
    return word;
  }

  void Store(uint64_t index, llvm::Value* word) {
    builder_.CreateAlignedStore(
        word, builder_.CreateConstInBoundsGEP1_64(builder_.getInt64Ty(), rows_, index), llvm::Align(8));
  }

  const std::vector<ir::Node>& nodes_;
  llvm::IRBuilder<> builder_;
  llvm::Value* positive_;
  llvm::Value* negative_;
  llvm::Value* rows_;
  std::map<std::pair<llvm::Value*, uint32_t>, llvm::Value*> literals_;
  std::map<std::pair<llvm::Value*, uint32_t>, llvm::Value*> words_;
};

llvm::Function* MakeFunction(llvm::Module& module, const std::string& name, bool local) {
  llvm::LLVMContext& context = module.getContext();
  llvm::Type* pointer = llvm::PointerType::getUnqual(context);
  auto* type = llvm::FunctionType::get(llvm::Type::getVoidTy(context), {pointer, pointer, pointer}, false);
  auto* function = llvm::Function::Create(
      type, local ? llvm::Function::InternalLinkage : llvm::Function::ExternalLinkage, name, module);
  SetAttributes(*function);
  function->addFnAttr(kBitCode);
  function->setMemoryEffects(llvm::MemoryEffects::argMemOnly());
  function->getArg(0)->addAttr(llvm::Attribute::ReadOnly);
  function->getArg(1)->addAttr(llvm::Attribute::ReadOnly);
  function->getArg(2)->addAttr(llvm::Attribute::NoAlias);
  return function;
}

// Cuts the rows at word boundaries into spans of about kNodesInFunction nodes.
std::vector<ConditionSpan> Cut(const std::vector<ir::Range>& conditions) {
  std::vector<ConditionSpan> spans;
  size_t begin = 0;
  uint64_t nodes = 0;
  for (size_t row = 0; row < conditions.size(); ++row) {
    nodes += conditions[row].count + uint64_t{1};
    if ((row + 1) % kRowsInWord == 0 && nodes >= kNodesInFunction) {
      spans.push_back({begin, row + 1});
      begin = row + 1;
      nodes = 0;
    }
  }
  if (begin < conditions.size()) spans.push_back({begin, conditions.size()});
  return spans;
}

}  // namespace

void EmitRows(llvm::Module& module, const std::string& name, const std::vector<ir::Node>& nodes,
              const std::vector<ir::Range>& conditions) {
  const std::vector<ConditionSpan> spans = Cut(conditions);
  llvm::Function* function = MakeFunction(module, name, false);
  if (spans.size() <= 1) {
    RowsEmitter(*function, nodes).Emit(conditions, {0, conditions.size()});
    return;
  }
  llvm::IRBuilder<> builder(llvm::BasicBlock::Create(module.getContext(), "entry", function));
  for (size_t i = 0; i < spans.size(); ++i) {
    llvm::Function* part = MakeFunction(module, name + "_" + std::to_string(i), true);
    part->addFnAttr(llvm::Attribute::NoInline);  // or the parts would become one long block again
    RowsEmitter(*part, nodes).Emit(conditions, spans[i]);
    builder.CreateCall(part, {function->getArg(0), function->getArg(1), function->getArg(2)});
  }
  builder.CreateRetVoid();
}

}  // namespace hpol::lower
