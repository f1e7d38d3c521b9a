export const practiceJa = {
  title: '最初の5分',
  lead: '練習のお客様とエージェントが話しています。四つの手順で、聞いて、ささやいてみましょう。',
  close: '閉じる',
  open: '最初の5分のガイドを開く',
  done: '済み',
  toDo: 'まだ',
  step: {
    phone: 'このページの電話',
    start: 'モニタリングを始める',
    answer: '電話に出て聞く',
    whisper: 'ささやく',
  },
  how: {
    phone: '内線 {{number}} が待受中になります。ブラウザ電話は右下にあります。',
    noPhone: 'あなたのアカウントにサインイン端末がありません。アカウントの画面で指定してください。',
    start:
      '通話中の「練習1」か「練習2」のステータスを押し、内線番号 {{number}} を入れて「モニタリング」、「OK」の順に押します。',
    answer:
      '9999(システム)から電話が鳴ります。「応答」を押し、ブラウザが尋ねたらマイクを許可します。二人の声が聞こえ、あなたの声は誰にも聞こえません。',
    whisper:
      '上の帯の「ささやきに切り替え」を押して話します。聞こえるのはエージェントだけです。お客様には聞こえません。',
  },
  all: 'できました。終わるときは「終了」を押します。--demo を付けずに起動し直すと、練習は消えます。',
};

export const practiceEn: typeof practiceJa = {
  title: 'The first five minutes',
  lead: 'Practice callers and agents are talking. Four steps: listen to them, then whisper.',
  close: 'Close',
  open: 'Open the guide to the first five minutes',
  done: 'Done',
  toDo: 'To do',
  step: {
    phone: 'The phone in this page',
    start: 'Start monitoring',
    answer: 'Answer and listen',
    whisper: 'Whisper',
  },
  how: {
    phone: 'Extension {{number}} becomes ready. The browser phone is at the lower right.',
    noPhone: 'Your account has no sign-in phone. Choose one on the page of accounts.',
    start:
      'Press the status of 練習1 or 練習2 (Practice) in a call, enter extension {{number}}, then press “Monitor” and “OK”.',
    answer:
      '9999 (system) calls you. Press “Answer”, and allow the microphone when the browser asks. You hear both, and nobody hears you.',
    whisper:
      'Press “Switch to whispering” in the bar above and speak. Only the agent hears you, never the customer.',
  },
  all: 'That is all. Press “End” to stop. The practice calls are gone after a start without --demo.',
};
