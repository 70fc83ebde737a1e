"""Goldens for tokenisers: the numbers that Hugging Face's `tokenizers` gives a thousand difficult strings, for the tests in TokenizersTests.

Needs tokenizers 0.23, numpy and torch (for the file). Writes Tests/Goldens/tokenizers/: each tokeniser's own file, NAME.json, strings.json, and
ids.safetensors with the numbers of all strings behind one another (NAME), their counts (NAME.counts), and the texts that they are decoded to
(NAME.text, as UTF-8, with NAME.text.counts); and characters.safetensors: what each step makes of each character there is, as a CRC-32 for every 4096 of them.
Run it from anywhere:

    python scripts/goldens/tokenizer_files.py
"""

import json
import random
import unicodedata
import zlib
from pathlib import Path

import numpy as np
import torch
from store import store
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

FOLDER = Path(__file__).resolve().parents[2] / "Tests/Goldens/tokenizers"
# The fourth generation of patterns: what is a word for GPT-4.
WORDS = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")

SENTENCES = """\
The quick brown fox jumps over the lazy dog; it doesn't care, and we'll never know why it's so.
Der Bär aß fünf süße Äpfel, während draußen die Straßenbahn über die Brücke fuhr.
Le garçon naïf a dégusté une crème brûlée à l'hôtel où l'été n'en finissait pas.
El pingüino Wenceslao hizo kilómetros bajo exhaustiva lluvia y frío; ¿añoraba a su querido cachorro?
Съешь же ещё этих мягких французских булок, да выпей чаю.
Ξεσκεπάζω την ψυχοφθόρα βδελυγμία.
いろはにほへと ちりぬるを、わかよたれそ つねならむ。東京都は2024年に1,234人増えた。
我能吞下玻璃而不伤身体。今天天气很好，我们去公园吧！
키스의 고유조건은 입술끼리 만나야 하고 특별한 기술은 필요치 않다.
نص حكيم له سر قاطع وذو شأن عظيم مكتوب على ثوب أخضر.
דג סקרן שט בים מאוכזב ולפתע מצא חברה.
ऋषियों को सताने वाले दुष्ट राक्षसों के राजा रावण का सर्वनाश करने वाले विष्णुवतार भगवान श्रीराम।
เป็นมนุษย์สุดประเสริฐเลิศคุณค่า กว่าบรรดาฝูงสัตว์เดรัจฉาน
In 1984, 3.14159 people paid $1,000,000.00 (or €999,95) at 12:34:56 on 2024-01-31, i.e. 50% off!
def fit(x, y=None): return [a ** 2 for a in x if a != 0]  # https://example.com/a?b=c&d=%20
""".splitlines()

PARTS = {
    "emoji": ["😀", "👩‍👩‍👧‍👦", "🏳️‍🌈", "👍🏽", "🇩🇪🇫🇷", "❤️", "☺︎", "1️⃣", "🧑🏿‍🚀", "🫠"],
    "marks": ["é", "é", "Å", "Å", "ñ", "ǘ", "ǘ", "Z̷̧͎a̶l̵g̸o̷", "ที่", "क्षि", "각", "각", "ﬁ", "ﬀ", "Ⅷ", "①", "½", "㎏", "ﷺ", "ẛ̣"],
    "spaces": [" ", "  ", "   ", "\t", "\n", "\r\n", "\n\n", "\u00a0", "\u2003", "\u3000", "\u200b", "\u2028", "\u0085", "\v", "\f", "\ufeff"],
    "controls": ["\x00", "\x01", "\x07", "\x1b[31m", "\x7f", "\x9f", "\u200d", "\u200e", "\u202e", "\ufffd", "\ue000", "\U000f0000"],
    "marked": ["[MASK]", "[CLS]", "[SEP]", "<|endoftext|>", "<s>", "</s>", "<unk>", "[mask]", "##ing", "▁", "Ġ", "<0x0A>", "MASKED", "<new>", "a<new>b"],
    "punctuation": ["'", "''", "\"", "…", "—", "–", "«»", "„“", "¿", "¡", "、", "。", "！", "!?", "...", "--", "$", "€", "^", "`", "~", "|", "_", "@", "#1", "''s", "'S", "'ll", "’s"],
    "numbers": ["0", "7", "42", "1234567890", "３", "٤٢", "Ⅳ", "²", "1/2", "1e-5", "0x1F", "½"],
    "letters": ["ß", "İ", "ı", "Σ", "ς", "ǅ", "ﬃ", "Ǆ", "A", "ΑΣ", "𝔊𝔩𝔞𝔰𝔰", "𐍈", "ꙮ", "中", "𠮷", "あア", "ｱ", "Ａｂ", "ـ", "ʼn"],
}


def strings(count=1000):
    generator = random.Random(7)
    words = sorted({word for sentence in SENTENCES for word in sentence.split()})
    pools = list(PARTS.values())
    result = ["", " ", "\n", "a", "hello world", " hello", "hello ", "[MASK]", "  a  b  ", *SENTENCES]
    while len(result) < count:
        kind = generator.random()
        if kind < 0.2:
            text = " ".join(generator.choices(words, k=generator.randint(1, 5)))
        elif kind < 0.75:
            parts = [generator.choice(generator.choice(pools) if generator.random() < 0.6 else words) for _ in range(generator.randint(1, 6))]
            text = generator.choice(["", " ", "", "  "]).join(parts)
        elif kind < 0.9:
            text = "".join(generator.choices("".join(sum(pools, [])) + " etaoin", k=generator.randint(1, 12)))
        else:
            # Any characters that are assigned, of Unicode 13, which all libraries know.
            text = ""
            while len(text) < 8:
                character = chr(generator.choice([generator.randrange(0x20, 0x3000), generator.randrange(0x3000, 0xD800), generator.randrange(0xF900, 0x1FA00)]))
                if unicodedata.category(character) not in ("Cn", "Cs", "Co"):
                    text += character
        result.append(text)
    return result


def corpus():
    return SENTENCES * 3 + [sentence.lower() for sentence in SENTENCES]


def trained(tokenizer, trainer):
    tokenizer.train_from_iterator(corpus(), trainer)
    return tokenizer


def gpt2():
    """Byte-level pairs, as GPT-2's."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    return trained(tokenizer, trainers.BpeTrainer(
        vocab_size=600, special_tokens=["<|endoftext|>"], initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))


def gpt4():
    """Byte-level pairs behind a regular expression, whole pieces first, as newer models'."""
    tokenizer = Tokenizer(models.BPE(ignore_merges=True))
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(WORDS), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer = trained(tokenizer, trainers.BpeTrainer(
        vocab_size=600, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    tokenizer.add_special_tokens(["<|endoftext|>", AddedToken("[MASK]", lstrip=True, rstrip=True)])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="$A <|endoftext|>", pair="$A <|endoftext|> $B:1 <|endoftext|>:1", special_tokens=[("<|endoftext|>", tokenizer.token_to_id("<|endoftext|>"))])
    return tokenizer


def llama():
    """Pairs with spaces as marks and unknown characters as bytes, in one piece, as Llama's."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    bytes_ = [f"<0x{byte:02X}>" for byte in range(256)]
    trainer = trainers.BpeTrainer(vocab_size=700, special_tokens=["<unk>", "<s>", "</s>", *bytes_], limit_alphabet=120, show_progress=False)
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    tokenizer.pre_tokenizer = pre_tokenizers.Split("▁", "merged_with_next")
    trained(tokenizer, trainer)
    # In one piece from now on.
    settings = json.loads(tokenizer.to_str())
    settings["pre_tokenizer"] = None
    settings["added_tokens"] = [token for token in settings["added_tokens"] if not token["content"].startswith("<0x")]
    tokenizer = Tokenizer.from_str(json.dumps(settings))
    tokenizer.decoder = decoders.Sequence([
        decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(content=" ", left=1, right=0)])
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A", pair="<s> $A <s>:1 $B:1", special_tokens=[("<s>", 1)])
    return tokenizer


def bert():
    """Word pieces, in lower case, as BERT's, cut off at 32."""
    specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    trained(tokenizer, trainers.WordPieceTrainer(vocab_size=700, special_tokens=specials, show_progress=False))
    tokenizer.add_tokens([AddedToken("<new>", single_word=True), AddedToken("MASKED")])
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    tokenizer.enable_truncation(32)
    return tokenizer


def cased():
    """Word pieces with accents and capitals."""
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=12))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=False, handle_chinese_chars=False)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Whitespace(), pre_tokenizers.Digits(individual_digits=True)])
    tokenizer.decoder = decoders.WordPiece(cleanup=False)
    return trained(tokenizer, trainers.WordPieceTrainer(vocab_size=700, special_tokens=["[UNK]"], show_progress=False))


def unigram():
    """SentencePiece's unigrams, as T5's and XLNet's."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence([
        normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " "), normalizers.Strip(left=False, right=True)])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    trained(tokenizer, trainers.UnigramTrainer(
        vocab_size=500, special_tokens=["<unk>", "<s>", "</s>"], unk_token="<unk>", show_progress=False))
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 1), add_prefix_space=False, trim_offsets=False)
    return tokenizer


def words():
    """Whole words in lower case without accents, punctuation apart."""
    tokenizer = Tokenizer(models.WordLevel(unk_token="<unk>"))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFD(), normalizers.StripAccents(), normalizers.Lowercase(), normalizers.Strip()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Punctuation("contiguous"), pre_tokenizers.Digits(), pre_tokenizers.CharDelimiterSplit("e")])
    return trained(tokenizer, trainers.WordLevelTrainer(special_tokens=["<unk>"], show_progress=False))


def suffixes():
    """Pairs with an end of the word, as in machine translation."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", end_of_word_suffix="</w>"))
    tokenizer.normalizer = normalizers.NFKD()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="_", prepend_scheme="first")
    tokenizer.decoder = decoders.BPEDecoder()
    trainer = trainers.BpeTrainer(vocab_size=400, special_tokens=["<unk>"], end_of_word_suffix="</w>", limit_alphabet=80, show_progress=False)
    return trained(tokenizer, trainer)


def characters():
    """What each step makes of "a" + c + "b" for every character c: 4096 of them joined by line ends, of which the CRC-32 is taken."""
    bert = dict(clean_text=False, handle_chinese_chars=False, strip_accents=False, lowercase=False)
    normalizing = {
        "nfc": normalizers.NFC(), "nfd": normalizers.NFD(), "nfkc": normalizers.NFKC(), "nfkd": normalizers.NFKD(), "lowercase": normalizers.Lowercase(),
        "accents": normalizers.StripAccents(), "nmt": normalizers.Nmt(), "bert.clean": normalizers.BertNormalizer(**bert | {"clean_text": True}),
        "bert.ideographs": normalizers.BertNormalizer(**bert | {"handle_chinese_chars": True}),
        "bert.accents": normalizers.BertNormalizer(**bert | {"strip_accents": True}), "bert": normalizers.BertNormalizer(),
    }
    splitting = {
        "split.bert": pre_tokenizers.BertPreTokenizer(), "split.punctuation": pre_tokenizers.Punctuation(), "split.whitespace": pre_tokenizers.Whitespace(),
        "split.spaces": pre_tokenizers.WhitespaceSplit(), "split.digits": pre_tokenizers.Digits(),
        "split.gpt2": pre_tokenizers.ByteLevel(add_prefix_space=False),
    }
    steps = {name: step.normalize_str for name, step in normalizing.items()}
    for name, step in splitting.items():
        steps[name] = lambda text, step=step: "|".join(piece for piece, _ in step.pre_tokenize_str(text))
    result = {}
    for name, step in steps.items():
        sums = []
        for start in range(0, 0x110000, 4096):
            scalars = [code for code in range(start, start + 4096) if not 0xD800 <= code < 0xE000]
            sums.append(zlib.crc32("\n".join(step(f"a{chr(code)}b") for code in scalars).encode()))
        result[name] = np.array(sums, np.int64)
    return result


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    texts = strings()
    (FOLDER / "strings.json").write_text(json.dumps(texts, indent=0))
    goldens = {}
    for make in [gpt2, gpt4, llama, bert, cased, unigram, words, suffixes]:
        name, tokenizer = make.__name__, make()
        (FOLDER / f"{name}.json").write_text(json.dumps(json.loads(tokenizer.to_str()), ensure_ascii=False, separators=(",", ":")) + "\n")
        ids = [tokenizer.encode(text).ids for text in texts]
        decoded = [tokenizer.decode(one).encode() for one in ids]
        goldens[name] = np.array(sum(ids, []), np.int32)
        goldens[f"{name}.counts"] = np.array([len(one) for one in ids], np.int32)
        goldens[f"{name}.text"] = np.frombuffer(b"".join(decoded), np.uint8)
        goldens[f"{name}.text.counts"] = np.array([len(one) for one in decoded], np.int32)
        pairs = [tokenizer.encode(a, b) for a, b in zip(texts[:40], texts[9:49])]
        goldens[f"{name}.pairs"] = np.array(sum([pair.ids for pair in pairs], []), np.int32)
        goldens[f"{name}.pairs.segments"] = np.array(sum([pair.type_ids for pair in pairs], []), np.int32)
    store({name: torch.from_numpy(x.copy()) for name, x in goldens.items()}, "tokenizers/ids")
    store({name: torch.from_numpy(x) for name, x in characters().items()}, "tokenizers/characters")


if __name__ == "__main__":
    main()
