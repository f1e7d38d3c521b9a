import type { ApiErrorCode } from '../../../server/src/http/errors.ts';
import { errorsJa } from './errors.ts';
import { pagesJa } from './pages.ts';
import { agentsJa } from '../agents/words.ts';
import { callCentersJa } from '../callcenters/words.ts';
import { practiceJa } from '../demo/words.ts';
import { monitoringJa } from '../monitoring/words.ts';
import { softphoneJa } from '../softphone/words.ts';
import { administrationJa } from '../administration/words.ts';
import { historyJa } from '../history/words.ts';
import { meJa } from '../me/words.ts';
import { partsJa } from '../parts/words.ts';

/** What the console says in Japanese. The words are those of the project's word list; a key exists in both languages or in none. */
export const ja = {
  page: {
    navigation: 'ページ',
    forbidden: '権限がありません',
    forbiddenDetail: 'このページを見る権限が、あなたのロールにはありません。',
    notFound: 'ページがありません',
    notFoundDetail: 'アドレスを確かめるか、上のメニューから選んでください。',
    skip: '本文へ移動',
    loading: '読み込んでいます',
    unreachable: 'サーバーに接続できません。自動的に再試行しています。',
    retry: '今すぐ再試行',
  },
  preferences: {
    language: '言語',
    toDark: '暗い配色にする',
    toLight: '明るい配色にする',
  },
  session: {
    signIn: 'サインイン',
    signOut: 'サインアウト',
    lead: 'コールセンターコンソール',
    loginName: 'ログイン名',
    password: 'パスワード',
    code: '確認コード',
    codeHint: '認証アプリの 6 桁の数字、または回復コードを入力してください。',
    startAgain: '別のアカウントでサインイン',
    show: 'パスワードを表示',
    hide: 'パスワードを隠す',
    required: '入力してください。',
    ended: 'セッションが終了しました。もう一度サインインしてください。',
    waitSeconds: 'あと {{seconds}} 秒でもう一度試せます。',
    waitMinutes: 'あと {{minutes}} 分 {{seconds}} 秒でもう一度試せます。',
    mayRetry: 'もう一度試せます。',
    role: {
      system_administrator: 'システム管理者',
      supervisor: 'スーパバイザ',
      user: 'ユーザ',
    },
  },
  password: {
    title: '新しいパスワードの設定',
    lead: '一時パスワードでサインインしています。続けるには、あなただけのパスワードを設定してください。',
    current: '現在の(一時)パスワード',
    next: '新しいパスワード',
    again: '新しいパスワード(確認)',
    hint: '{{length}} 文字以上。ほかで使っていない、長い言い回しにしてください。',
    tooShort: '{{length}} 文字以上にしてください。',
    same: '現在のパスワードと違うものにしてください。',
    mismatch: '確認の入力が一致しません。',
    submit: '設定して続ける',
    currentWrong: '現在のパスワードが違います。',
  },
  error: {
    ...errorsJa,
    NETWORK: 'サーバーから応答がありません。接続を確かめて、もう一度試してください。',
    ANSWER_UNREADABLE: 'サーバーの応答を読み取れませんでした。しばらくしてからもう一度試してください。',
    SIGN_IN_FAILED: 'ログイン名またはパスワードが違います。',
    SIGN_IN_THROTTLED: '失敗が続いたため、サインインをしばらく受け付けません。',
    SESSION_NONE: 'セッションが終了しました。もう一度サインインしてください。',
    PASSWORD_TOO_WEAK:
      'このパスワードは推測されやすいため使えません。5 種類以上の文字を使い、ログイン名とは別のものにしてください。',
    BAD_REQUEST: '入力が長すぎるか、使えない文字が含まれています。',
    ORIGIN_REFUSED:
      '別のアドレスから開かれたページのため、受け付けません。コンソールのアドレスを直接開いてください。',
    DATABASE_UNAVAILABLE:
      'サーバーがデータベースと接続できていません。しばらくしてからもう一度試してください。',
    INTERNAL: 'サーバーでエラーが発生しました。記録を管理者に確認してください。',
    other: 'エラーが発生しました({{code}})。',
    // Every refusal of the server has words.
  } satisfies Readonly<Record<ApiErrorCode | 'NETWORK' | 'ANSWER_UNREADABLE' | 'other', string>>,
  feed: {
    connecting: '接続しています…',
    age: '最終更新 {{age}}前',
    seconds: '{{n}} 秒',
    minutes: '{{n}} 分',
    hours: '{{n}} 時間',
    live: 'リアルタイム更新中です。',
    lost: '接続が切れています。再接続しています…',
    lostDetail: '表示は {{age}}前の状態で、現在と異なることがあります。',
    engineDown: '電話エンジンと接続できていません。',
    engineDownDetail: '端末の登録と通話のステータスは、現在と異なることがあります。',
    forbidden: '権限がありません',
    forbiddenDetail: 'エージェントの一覧は、システム管理者とスーパバイザが見られます。',
  },
  agents: agentsJa,
  callCenters: callCentersJa,
  pages: pagesJa,
  monitoring: monitoringJa,
  practice: practiceJa,
  softphone: softphoneJa,
  parts: partsJa,
  history: historyJa,
  administration: administrationJa,
  me: meJa,
  status: {
    ready: '受付可',
    after_call_work: '後作業',
    on_break: '休憩中',
    away: '離席中',
    signed_off: 'ログオフ',
    ringing: '着信中',
    call_center_call: '通話中',
    external_call: '外線通話',
    outgoing_call: '発信通話',
    internal_call: '内線通話',
    on_hold: '保留中',
  },
};

/** The shape that every language fills. */
export type Words = typeof ja;
