// Made out of openapi.json by `npm run client-types -- --write`: mend the contracts, not this file.
import createClient, { type Client, type ClientOptions } from 'openapi-fetch';

/** Every route of Points Mall with the types of what it takes and answers; `baseUrl` says where it is. */
export function pointsMall(options: ClientOptions): Client<Paths> {
  return createClient<Paths>(options);
}

export type NewIdentity =
  | {
      provider: 'WECHAT' | 'WECHAT_WEB' | 'QQ' | 'ALIPAY';
      /**
       * What the provider gave the client; it counts once, and for a few minutes
       */
      code: string;
    }
  | {
      provider: 'OIDC';
      /**
       * What the provider gave the client; it counts once, and for a few minutes
       */
      code: string;
      /**
       * Of PKCE (RFC 7636, S256): its digest was the code_challenge
       */
      codeVerifier: string;
      /**
       * As the client sent it to the login page; the id token must say the same
       */
      nonce: string;
    };
/**
 * Until when points count. A policy that could keep more than 40 last days alive is refused.
 */
export type Expiry =
  | {
      policy: 'END_OF_YEAR';
    }
  | {
      policy: 'END_OF_NEXT_YEAR';
    }
  | {
      policy: 'ROLLING_DAYS';
      days: number;
      /**
       * DAY when absent
       */
      roundTo?: 'DAY' | 'MONTH' | 'YEAR';
    }
  | {
      policy: 'ROLLING_MONTHS';
      months: number;
      /**
       * MONTH when absent: to the month's end
       */
      roundTo?: 'DAY' | 'MONTH' | 'YEAR';
    }
  | {
      policy: 'FIXED_DATE';
      /**
       * A day in the programme's time zone
       */
      lastDay: string;
    }
  | {
      policy: 'NEVER';
    };
export type NewAdjustment =
  | {
      direction: 'UP';
      memberId: string;
      /**
       * POINTS when absent
       */
      currency?: string;
      /**
       * Points, a whole number
       */
      points: number;
      /**
       * By the currency's policy when absent
       */
      lastDay?: string;
      /**
       * Why, for the record: it is kept for ever, so it names nobody, and no phone is taken in it
       */
      reason: string;
    }
  | {
      direction: 'DOWN';
      memberId: string;
      /**
       * POINTS when absent
       */
      currency?: string;
      /**
       * Points, a whole number
       */
      points: number;
      /**
       * What is done when fewer points are there: refuse (when absent), owe the rest, or take what is there. The last two need the permission points.adjust_beyond
       */
      shortage?: 'REFUSE' | 'DEBT' | 'CLAMP';
      /**
       * Why, for the record: it is kept for ever, so it names nobody, and no phone is taken in it
       */
      reason: string;
    };

export interface Paths {
  '/v1/auth/codes': {
    /**
     * Send a login code by SMS · 发送登录验证码
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            /**
             * E.164, or a mainland number without +86
             */
            phone: string;
            /**
             * An id that the app keeps for itself on this device
             */
            deviceId?: string;
            /**
             * What the human check gave to the page, where the mall has one (`auth.human_check`)
             */
            humanCheck?: string;
          };
        };
      };
      responses: {
        202: {
          content: {
            'application/json': {
              /**
               * Which request a code was sent for; who says so at the login takes no code of another request
               */
              codeId: string;
              expiresInSeconds: number;
              /**
               * After so long the phone may be sent the next code
               */
              resendAfterSeconds: number;
            };
          };
        };
        400: Refused;
        403: Refused;
        413: RefusedByEither;
        415: Refused;
        429: RefusedByEither;
        500: Refused;
        503: RefusedByEither;
      };
    };
  };
  '/v1/me/step-up/codes': {
    /**
     * Send a code to the phone that I have, for a step-up; it logs nobody in · 向当前手机号发送二次验证码，用于更换手机号
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: {
        content: {
          'application/json': {
            /**
             * An id that the app keeps for itself on this device
             */
            deviceId?: string;
            /**
             * What the human check gave to the page, where the mall has one (`auth.human_check`)
             */
            humanCheck?: string;
          };
        };
      };
      responses: {
        202: {
          content: {
            'application/json': {
              /**
               * Which request a code was sent for; who says so at the login takes no code of another request
               */
              codeId: string;
              expiresInSeconds: number;
              /**
               * After so long the phone may be sent the next code
               */
              resendAfterSeconds: number;
              /**
               * Masked
               */
              phone: string;
            };
          };
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        409: Refused;
        410: Refused;
        413: RefusedByEither;
        415: Refused;
        429: RefusedByEither;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/auth/sessions': {
    /**
     * Log in with phone and code; the first time registers · 手机号与验证码登录，首次登录即注册
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            /**
             * E.164, or a mainland number without +86
             */
            phone: string;
            code: string;
            /**
             * Which request a code was sent for; who says so at the login takes no code of another request
             */
            codeId?: string;
            device?: Device;
          };
        };
      };
      responses: {
        201: {
          content: {
            'application/json': Session;
          };
        };
        400: Refused;
        401: Refused;
        410: Refused;
        413: RefusedByEither;
        415: Refused;
        429: RefusedByGateway;
        500: Refused;
        503: RefusedByEither;
      };
    };
  };
  '/v1/auth/sessions/refresh': {
    /**
     * A new access token for a refresh token, which is then used up · 换取新的访问令牌
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            refreshToken: string;
          };
        };
      };
      responses: {
        200: {
          content: {
            'application/json': RefreshedSession;
          };
        };
        400: Refused;
        401: Refused;
        413: RefusedByEither;
        415: Refused;
        429: RefusedByGateway;
        500: Refused;
        503: RefusedByEither;
      };
    };
  };
  '/v1/auth/sessions/current': {
    /**
     * End this session · 退出登录
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: {
          content?: never;
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/.well-known/jwks.json': {
    /**
     * The public keys of access tokens (JWKS) · 验证访问令牌的公钥（JWKS）
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          content: {
            'application/json': KeySet;
          };
        };
        400: Refused;
        429: RefusedByGateway;
        500: Refused;
        503: RefusedByEither;
      };
    };
  };
  '/v1/me/sessions': {
    /**
     * Where I am logged in, newest first · 我的会话，最新的在前
     */
    get: {
      parameters: {
        query?: {
          /**
           * 1 to 100; 20 when absent
           */
          limit?: number;
          /**
           * `nextCursor` of the page before
           */
          cursor?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          content: {
            'application/json': {
              items: OpenSession[];
              nextCursor: string | null;
            };
          };
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
    /**
     * End all my sessions but this one · 结束其他所有会话
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: {
          content?: never;
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/me/sessions/{sessionId}': {
    /**
     * End one session of mine · 结束一个会话
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          sessionId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: {
          content?: never;
        };
        400: RefusedByEither;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/me/push-token': {
    /**
     * Register the push token of this session, at each start of the app; it counts for 90 days, for the last session that registers it · 登记本会话的推送令牌，每次启动应用时调用；90 天内有效，同一令牌只属于最后登记的会话
     */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            service: 'APNS' | 'FCM' | 'HUAWEI' | 'HONOR' | 'XIAOMI' | 'OPPO' | 'VIVO';
            /**
             * What the service calls this app on this device
             */
            token: string;
          };
        };
      };
      responses: {
        200: {
          content: {
            'application/json': PushRegistration;
          };
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        413: RefusedByEither;
        415: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
    /**
     * Take the push token off this session · 注销本会话的推送令牌
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: {
          content?: never;
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/auth/sessions/wechat': {
    /**
     * Log in from a WeChat mini-program in one tap; the first time registers, without a phone · 微信小程序一键登录，首次登录即注册，无需手机号
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            /**
             * What the provider gave the client; it counts once, and for a few minutes
             */
            code: string;
            device?: Device;
          };
        };
      };
      responses: {
        201: {
          content: {
            'application/json': Session;
          };
        };
        400: Refused;
        401: Refused;
        404: Refused;
        410: Refused;
        413: RefusedByEither;
        415: Refused;
        429: RefusedByGateway;
        500: Refused;
        503: RefusedByEither;
      };
    };
  };
  '/v1/auth/sessions/wechat-web': {
    /**
     * Log in by the OAuth2 of a WeChat official account or of WeChat’s login page · 微信公众号或网页授权登录
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            /**
             * What the provider gave the client; it counts once, and for a few minutes
             */
            code: string;
            device?: Device;
          };
        };
      };
      responses: {
        201: {
          content: {
            'application/json': Session;
          };
        };
        400: Refused;
        401: Refused;
        404: Refused;
        410: Refused;
        413: RefusedByEither;
        415: Refused;
        429: RefusedByGateway;
        500: Refused;
        503: RefusedByEither;
      };
    };
  };
  '/v1/auth/sessions/qq': {
    /**
     * Log in by QQ · QQ 登录
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            /**
             * What the provider gave the client; it counts once, and for a few minutes
             */
            code: string;
            device?: Device;
          };
        };
      };
      responses: {
        201: {
          content: {
            'application/json': Session;
          };
        };
        400: Refused;
        401: Refused;
        404: Refused;
        410: Refused;
        413: RefusedByEither;
        415: Refused;
        429: RefusedByGateway;
        500: Refused;
        503: RefusedByEither;
      };
    };
  };
  '/v1/auth/sessions/alipay': {
    /**
     * Log in by Alipay · 支付宝登录
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            /**
             * What the provider gave the client; it counts once, and for a few minutes
             */
            code: string;
            device?: Device;
          };
        };
      };
      responses: {
        201: {
          content: {
            'application/json': Session;
          };
        };
        400: Refused;
        401: Refused;
        404: Refused;
        410: Refused;
        413: RefusedByEither;
        415: Refused;
        429: RefusedByGateway;
        500: Refused;
        503: RefusedByEither;
      };
    };
  };
  '/v1/auth/sessions/oidc': {
    /**
     * Log in by OpenID Connect (code and PKCE) at the issuer that the mall has chosen · OpenID Connect 登录（企业身份系统，授权码 + PKCE）
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            /**
             * What the provider gave the client; it counts once, and for a few minutes
             */
            code: string;
            /**
             * Of PKCE (RFC 7636, S256): its digest was the code_challenge
             */
            codeVerifier: string;
            /**
             * As the client sent it to the login page; the id token must say the same
             */
            nonce: string;
            device?: Device;
          };
        };
      };
      responses: {
        201: {
          content: {
            'application/json': Session;
          };
        };
        400: Refused;
        401: Refused;
        404: Refused;
        410: Refused;
        413: RefusedByEither;
        415: Refused;
        429: RefusedByGateway;
        500: Refused;
        503: RefusedByEither;
      };
    };
  };
  '/v1/me/identities': {
    /**
     * Bind what a provider calls me, to log in by it, within ten minutes of a login; never a second account · 绑定第三方账号（须在十分钟内登录过）
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': NewIdentity;
        };
      };
      responses: {
        200: {
          content: {
            'application/json': BoundIdentities;
          };
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        409: Refused;
        410: Refused;
        413: RefusedByEither;
        415: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
    /**
     * What I have bound · 我绑定的第三方账号
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          content: {
            'application/json': BoundIdentities;
          };
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/me/identities/{provider}': {
    /**
     * Unbind all that a provider calls me, within ten minutes of a login, unless it is the last way in · 解绑第三方账号（须在十分钟内登录过）
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /**
           * PHONE: another phone than the one of `GET /v1/me`, which came by a merge
           */
          provider: 'WECHAT' | 'QQ' | 'ALIPAY' | 'OIDC' | 'PHONE';
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: {
          content?: never;
        };
        400: RefusedByEither;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        409: Refused;
        410: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/me/phone': {
    /**
     * Bind the phone to which a code was sent (`POST /v1/auth/codes`), within ten minutes of a login; one phone is one account · 用短信验证码绑定手机号（须在十分钟内登录过）
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            /**
             * E.164, or a mainland number without +86
             */
            phone: string;
            code: string;
            /**
             * Which request a code was sent for; who says so at the login takes no code of another request
             */
            codeId?: string;
          };
        };
      };
      responses: {
        200: {
          content: {
            'application/json': BoundPhone;
          };
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        409: Refused;
        410: Refused;
        413: RefusedByEither;
        415: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
    /**
     * Change my phone by a code of the new one and a step-up; other sessions end, and no points leave for 24 hours · 更换手机号：新手机号的短信验证码，加二次验证；其他会话随即结束，24 小时内不能使用积分
     */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            /**
             * E.164, or a mainland number without +86
             */
            phone: string;
            code: string;
            /**
             * Which request a code was sent for; who says so at the login takes no code of another request
             */
            codeId?: string;
            /**
             * A code of `POST /v1/me/step-up/codes`; or, where that phone is lost, a provider bound for a day
             */
            stepUp:
              | {
                  code: string;
                  /**
                   * Which request a code was sent for; who says so at the login takes no code of another request
                   */
                  codeId?: string;
                }
              | (
                  | {
                      provider: 'WECHAT' | 'WECHAT_WEB' | 'QQ' | 'ALIPAY';
                      /**
                       * What the provider gave the client; it counts once, and for a few minutes
                       */
                      code: string;
                    }
                  | {
                      provider: 'OIDC';
                      /**
                       * What the provider gave the client; it counts once, and for a few minutes
                       */
                      code: string;
                      /**
                       * Of PKCE (RFC 7636, S256): its digest was the code_challenge
                       */
                      codeVerifier: string;
                      /**
                       * As the client sent it to the login page; the id token must say the same
                       */
                      nonce: string;
                    }
                );
          };
        };
      };
      responses: {
        200: {
          content: {
            'application/json': BoundPhone;
          };
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        409: Refused;
        410: Refused;
        413: RefusedByEither;
        415: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/me/phone/wechat': {
    /**
     * Bind the phone that WeChat knows, by a code of its phone button, within ten minutes of a login; one phone is one account · 用微信手机号快速验证组件的 code 绑定手机号（须在十分钟内登录过）
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            /**
             * What the provider gave the client; it counts once, and for a few minutes
             */
            code: string;
          };
        };
      };
      responses: {
        200: {
          content: {
            'application/json': BoundPhone;
          };
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        409: Refused;
        410: Refused;
        413: RefusedByEither;
        415: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/me': {
    /**
     * Who I am here · 我的资料
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          content: {
            'application/json': Member;
          };
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/me/code': {
    /**
     * A code to show at a till, as a QR code; it changes every 30 seconds and counts once · 会员码：出示给收银台，每 30 秒更换，仅可使用一次
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          content: {
            'application/json': MemberCode;
          };
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/members/search': {
    /**
     * Find a member by phone, external id or id; a search in a body, so that no phone stands in a URL · 按手机号、外部编号或会员编号查找会员
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json':
            | {
                /**
                 * E.164, or a mainland number without +86
                 */
                phone: string;
              }
            | {
                memberId: string;
              }
            | {
                externalId: string;
              };
        };
      };
      responses: {
        200: {
          content: {
            'application/json': {
              /**
               * @maxItems 1
               */
              items: StaffMember[];
            };
          };
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        413: RefusedByEither;
        415: Refused;
        429: RefusedByEither;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/members/{memberId}': {
    /**
     * One member · 会员资料
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          memberId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          content: {
            'application/json': StaffMember;
          };
        };
        400: RefusedByEither;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/me/profile': {
    /**
     * My profile · 我的个人资料
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          content: {
            'application/json': Profile;
          };
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
    /**
     * Change my profile: null clears a field, and the birthday is changed once a year · 修改个人资料；null 表示清除，生日一年内只能修改一次
     */
    patch: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': ProfileChange;
        };
      };
      responses: {
        200: {
          content: {
            'application/json': Profile;
          };
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        409: Refused;
        410: Refused;
        413: RefusedByEither;
        415: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/me/preferences': {
    /**
     * My preferences · 我的偏好
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          content: {
            'application/json': Preferences;
          };
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
    /**
     * Set interests, channels, quiet hours and language; campaigns need the consent MARKETING · 设置兴趣、通知渠道、免打扰时段与语言
     */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': Wishes;
        };
      };
      responses: {
        200: {
          content: {
            'application/json': Preferences;
          };
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        409: Refused;
        410: Refused;
        413: RefusedByEither;
        415: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/me/addresses': {
    /**
     * My addresses, in the order in which they were added · 我的地址簿
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          content: {
            'application/json': {
              items: Address[];
            };
          };
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
    /**
     * Add an address, 20 at most; the first one is the default · 添加地址，最多 20 个
     */
    post: {
      parameters: {
        query?: never;
        header: {
          /**
           * Makes a repeat of this request safe: same key, same answer
           */
          'Idempotency-Key': string;
        };
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': ShipTo;
        };
      };
      responses: {
        201: {
          content: {
            'application/json': Address;
          };
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        409: Refused;
        410: Refused;
        413: RefusedByEither;
        415: Refused;
        422: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/me/addresses/{addressId}': {
    /**
     * Change an address · 修改地址
     */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          addressId: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': ShipTo;
        };
      };
      responses: {
        200: {
          content: {
            'application/json': Address;
          };
        };
        400: RefusedByEither;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        409: Refused;
        410: Refused;
        413: RefusedByEither;
        415: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
    /**
     * Take an address away; another one becomes the default · 删除地址
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          addressId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: {
          content?: never;
        };
        400: RefusedByEither;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        409: Refused;
        410: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/me/addresses/{addressId}/default': {
    /**
     * Make an address the default · 设为默认地址
     */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          addressId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          content: {
            'application/json': {
              items: Address[];
            };
          };
        };
        400: RefusedByEither;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        409: Refused;
        410: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/me/consents': {
    /**
     * What I have agreed to, and every answer I gave, newest first · 我的授权与历史
     */
    get: {
      parameters: {
        query?: {
          /**
           * 1 to 100; 20 when absent
           */
          limit?: number;
          /**
           * `nextCursor` of the page before
           */
          cursor?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          content: {
            'application/json': {
              current: {
                purpose: 'PRIVACY_POLICY' | 'PROFILE' | 'LOCATION' | 'MARKETING' | 'SUBSCRIBE_MESSAGES' | 'STEPS';
                granted: boolean;
                version: string | null;
                /**
                 * null: never answered
                 */
                at: string | null;
              }[];
              items: Consent[];
              nextCursor: string | null;
            };
          };
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
    /**
     * Agree to a purpose, or no longer: without PROFILE birthday, gender and region go, without MARKETING campaigns · 同意或撤回一项授权；撤回 PROFILE 会清除生日、性别与地区
     */
    post: {
      parameters: {
        query?: never;
        header: {
          /**
           * Makes a repeat of this request safe: same key, same answer
           */
          'Idempotency-Key': string;
        };
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': NewConsent;
        };
      };
      responses: {
        200: {
          content: {
            'application/json': Consent;
          };
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        409: Refused;
        410: Refused;
        413: RefusedByEither;
        415: Refused;
        422: Refused;
        429: RefusedByEither;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/me/avatar/uploads': {
    /**
     * A form by which a picture can be sent to the store · 获取头像上传表单
     */
    post: {
      parameters: {
        query?: never;
        header: {
          /**
           * Makes a repeat of this request safe: same key, same answer
           */
          'Idempotency-Key': string;
        };
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            contentType: 'image/jpeg' | 'image/png' | 'image/webp';
          };
        };
      };
      responses: {
        201: {
          content: {
            'application/json': {
              uploadId: string;
              /**
               * Where to post it as multipart/form-data
               */
              url: string;
              /**
               * Fields of the form, before the last one: `file`, the picture
               */
              fields: {
                [k: string]: string;
              };
              maxBytes: number;
              /**
               * An instant, ISO 8601 with offset
               */
              expiresAt: string;
            };
          };
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        409: Refused;
        410: Refused;
        413: RefusedByEither;
        415: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/me/avatar': {
    /**
     * Make an uploaded picture mine: at most 4096 pixels wide and high, and of the type that it was sent as · 将已上传的图片设为头像
     */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            uploadId: string;
          };
        };
      };
      responses: {
        204: {
          content?: never;
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        409: Refused;
        410: Refused;
        413: RefusedByEither;
        415: Refused;
        422: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
    /**
     * Take my picture away · 删除头像
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: {
          content?: never;
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        409: Refused;
        410: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/audit': {
    /**
     * What staff did to a subject, or on a day, newest first · 员工操作记录，最新的在前
     */
    get: {
      parameters: {
        query?: {
          /**
           * 1 to 100; 20 when absent
           */
          limit?: number;
          /**
           * `nextCursor` of the page before
           */
          cursor?: string;
          /**
           * The id of a member, a product, an order, or `programme`
           */
          subject?: string;
          /**
           * A day in the programme's time zone
           */
          day?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          content: {
            'application/json': {
              items: AuditRecord[];
              nextCursor: string | null;
            };
          };
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/staff/people': {
    /**
     * All staff, newest first · 全部员工，最新的在前
     */
    get: {
      parameters: {
        query?: {
          /**
           * 1 to 100; 20 when absent
           */
          limit?: number;
          /**
           * `nextCursor` of the page before
           */
          cursor?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          content: {
            'application/json': {
              items: StaffPerson[];
              nextCursor: string | null;
            };
          };
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
    /**
     * Invite somebody, who has no role yet · 邀请员工（尚无任何角色）
     */
    post: {
      parameters: {
        query?: never;
        header: {
          /**
           * Makes a repeat of this request safe: same key, same answer
           */
          'Idempotency-Key': string;
        };
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            userName: string;
          };
        };
      };
      responses: {
        201: {
          content: {
            'application/json': Invitation;
          };
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        409: Refused;
        413: RefusedByEither;
        415: Refused;
        422: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/staff/people/{staffId}/invitation': {
    /**
     * Invite again: takes password, authenticator, roles and sessions at once · 重新邀请：密码、验证器、角色与会话即刻作废
     */
    post: {
      parameters: {
        query?: never;
        header: {
          /**
           * Makes a repeat of this request safe: same key, same answer
           */
          'Idempotency-Key': string;
        };
        path: {
          staffId: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            /**
             * Why, for the record: it is kept for ever, so it names nobody, and no phone is taken in it
             */
            reason: string;
          };
        };
      };
      responses: {
        201: {
          content: {
            'application/json': Invitation;
          };
        };
        400: RefusedByEither;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        409: Refused;
        413: RefusedByEither;
        415: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/staff/people/{staffId}/roles': {
    /**
     * Change roles at once: the only owner, or a client with staff.manage_alone; everybody else proposes · 更改员工角色（唯一所有者或持有单独权限的客户端）
     */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          staffId: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            /**
             * All of them; none takes every right away
             *
             * @maxItems 6
             */
            roles: ('owner' | 'operator' | 'merchandiser' | 'support' | 'finance' | 'auditor')[];
            /**
             * Why, for the record: it is kept for ever, so it names nobody, and no phone is taken in it
             */
            reason: string;
          };
        };
      };
      responses: {
        200: {
          content: {
            'application/json': StaffPerson;
          };
        };
        400: RefusedByEither;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        409: Refused;
        413: RefusedByEither;
        415: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/staff/people/{staffId}/roles/proposals': {
    /**
     * Propose a change of roles, which a second person approves · 提请更改员工角色
     */
    post: {
      parameters: {
        query?: never;
        header: {
          /**
           * Makes a repeat of this request safe: same key, same answer
           */
          'Idempotency-Key': string;
        };
        path: {
          staffId: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            /**
             * All of them; none takes every right away
             *
             * @maxItems 6
             */
            roles: ('owner' | 'operator' | 'merchandiser' | 'support' | 'finance' | 'auditor')[];
            /**
             * Why, for the record: it is kept for ever, so it names nobody, and no phone is taken in it
             */
            reason: string;
          };
        };
      };
      responses: {
        202: {
          content: {
            'application/json': Proposal;
          };
        };
        400: RefusedByEither;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        409: Refused;
        413: RefusedByEither;
        415: Refused;
        422: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/staff/people/{staffId}/sessions': {
    /**
     * End all sessions of somebody · 结束员工的全部会话
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          staffId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: {
          content?: never;
        };
        400: RefusedByEither;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/members/{memberId}/unmask': {
    /**
     * The phone of a member in clear, with a reason, on the record · 查看会员完整手机号（须说明原因，留痕）
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          memberId: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            /**
             * Why, for the record: it is kept for ever, so it names nobody, and no phone is taken in it
             */
            reason: string;
          };
        };
      };
      responses: {
        200: {
          content: {
            'application/json': UnmaskedMember;
          };
        };
        400: RefusedByEither;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        413: RefusedByEither;
        415: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/staff/first-owner': {
    /**
     * Invite the first owner, by the secret of the deployment, once · 用部署时生成的一次性密钥邀请首位所有者
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            secret: string;
            userName: string;
          };
        };
      };
      responses: {
        201: {
          content: {
            'application/json': Invitation;
          };
        };
        400: Refused;
        401: Refused;
        409: Refused;
        413: RefusedByEither;
        415: Refused;
        429: RefusedByGateway;
        500: Refused;
        503: RefusedByEither;
      };
    };
  };
  '/v1/staff/invitations/accept': {
    /**
     * Accept an invitation: set a password, get the secret of an authenticator · 接受邀请：设置密码并绑定动态验证码
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            /**
             * The invitation, as it was handed over
             */
            invitation: string;
            /**
             * At least 12 characters; a common one is refused
             */
            password: string;
          };
        };
      };
      responses: {
        200: {
          content: {
            'application/json': {
              staffId: string;
              userName: string;
              /**
               * Base 32 (RFC 6238: SHA-1, six digits, 30 s)
               */
              totpSecret: string;
              /**
               * For a QR code
               */
              totpUri: string;
            };
          };
        };
        400: Refused;
        401: Refused;
        409: Refused;
        413: RefusedByEither;
        415: Refused;
        429: RefusedByGateway;
        500: Refused;
        503: RefusedByEither;
      };
    };
  };
  '/v1/staff/invitations/confirm': {
    /**
     * Confirm the authenticator by its first code; gives the recovery codes, this once · 以首个动态验证码完成启用，取得恢复码
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            /**
             * The invitation, as it was handed over
             */
            invitation: string;
            /**
             * Six digits of the authenticator
             */
            code: string;
          };
        };
      };
      responses: {
        200: {
          content: {
            'application/json': {
              staffId: string;
              recoveryCodes: string[];
            };
          };
        };
        400: Refused;
        401: Refused;
        409: Refused;
        413: RefusedByEither;
        415: Refused;
        429: RefusedByGateway;
        500: Refused;
        503: RefusedByEither;
      };
    };
  };
  '/v1/staff/sessions': {
    /**
     * Log in as staff · 员工登录
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            userName: string;
            password: string;
            /**
             * Six digits of the authenticator, or a recovery code
             */
            code: string;
          };
        };
      };
      responses: {
        201: {
          content: {
            'application/json': StaffSession;
          };
        };
        400: Refused;
        401: Refused;
        413: RefusedByEither;
        415: Refused;
        429: RefusedByEither;
        500: Refused;
        503: RefusedByEither;
      };
    };
    /**
     * End all sessions of one’s own · 退出全部会话
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: {
          content?: never;
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/staff/sessions/refresh': {
    /**
     * A new access token for a refresh token, which is then used up · 换取新的访问令牌
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            refreshToken: string;
          };
        };
      };
      responses: {
        200: {
          content: {
            'application/json': StaffSession;
          };
        };
        400: Refused;
        401: Refused;
        413: RefusedByEither;
        415: Refused;
        429: RefusedByGateway;
        500: Refused;
        503: RefusedByEither;
      };
    };
  };
  '/v1/staff/sessions/current': {
    /**
     * End this session · 退出登录
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: {
          content?: never;
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/staff/me/password': {
    /**
     * Change one’s own password by the old one and a code; all other sessions end · 更改本人密码（须原密码与动态验证码；其他会话即刻结束）
     */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            password: string;
            /**
             * Six digits of the authenticator
             */
            code: string;
            /**
             * At least 12 characters; a common one is refused
             */
            newPassword: string;
          };
        };
      };
      responses: {
        204: {
          content?: never;
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        409: Refused;
        413: RefusedByEither;
        415: Refused;
        429: RefusedByEither;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/staff/me/recovery-codes': {
    /**
     * Ten other recovery codes, shown this once; those before are void · 重新生成十个恢复码（原有恢复码即刻作废，仅显示一次）
     */
    post: {
      parameters: {
        query?: never;
        header: {
          /**
           * Makes a repeat of this request safe: same key, same answer
           */
          'Idempotency-Key': string;
        };
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            password: string;
            /**
             * Six digits of the authenticator
             */
            code: string;
          };
        };
      };
      responses: {
        201: {
          content: {
            'application/json': {
              staffId: string;
              recoveryCodes: string[];
            };
          };
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        413: RefusedByEither;
        415: Refused;
        429: RefusedByEither;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/auth/token': {
    /**
     * An access token for a partner system or a staff client (OAuth2 client credentials) · 合作系统与员工客户端换取访问令牌（OAuth2 client credentials）
     */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: {
        content: {
          'application/x-www-form-urlencoded': {
            grant_type?: string;
            /**
             * Or by HTTP Basic
             */
            client_id?: string;
            client_secret?: string;
            /**
             * Fewer than the client has; all when absent
             */
            scope?: string;
            [k: string]: unknown;
          };
        };
      };
      responses: {
        200: {
          content: {
            'application/json': OAuth2Token;
          };
        };
        400: {
          content: {
            'application/json': OAuth2Token;
            'application/problem+json': Problem;
          };
        };
        401: {
          content: {
            'application/json': OAuth2Token;
            'application/problem+json': Problem;
          };
        };
        413: RefusedByEither;
        415: Refused;
        429: RefusedByGateway;
        500: Refused;
        503: RefusedByEither;
      };
    };
  };
  '/v1/clients': {
    /**
     * Make a client of a partner or of staff · 新建合作系统或员工客户端
     */
    post: {
      parameters: {
        query?: never;
        header: {
          /**
           * Makes a repeat of this request safe: same key, same answer
           */
          'Idempotency-Key': string;
        };
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            /**
             * A till or a shop, or a tool of the staff
             */
            kind: 'partner' | 'staff';
            name: string;
            /**
             * What it may do
             *
             * @minItems 1
             * @maxItems 40
             */
            grants: string[];
            /**
             * How many requests a minute a partner has; 600 when nothing is said
             */
            requestsPerMinute?: number;
          };
        };
      };
      responses: {
        201: {
          content: {
            'application/json': NewOAuth2Client;
          };
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        413: RefusedByEither;
        415: Refused;
        422: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
    /**
     * All clients, the newest first · 全部客户端，最新的在前
     */
    get: {
      parameters: {
        query?: {
          /**
           * 1 to 100; 20 when absent
           */
          limit?: number;
          /**
           * `nextCursor` of the page before
           */
          cursor?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          content: {
            'application/json': {
              items: OAuth2Client[];
              nextCursor: string | null;
            };
          };
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/clients/{clientId}': {
    /**
     * One client · 查看客户端
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          clientId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          content: {
            'application/json': OAuth2Client;
          };
        };
        400: RefusedByEither;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
    /**
     * Change or disable a client: grants count with its next token, and one that is disabled gets none · 更改或停用客户端（权限随下一个令牌生效，停用后不再发放令牌）
     */
    patch: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          clientId: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            name?: string;
            /**
             * What it may do
             *
             * @minItems 1
             * @maxItems 40
             */
            grants?: string[];
            status?: 'ENABLED' | 'DISABLED';
            /**
             * How many requests a minute a partner has; 600 when nothing is said
             */
            requestsPerMinute?: number;
          };
        };
      };
      responses: {
        200: {
          content: {
            'application/json': OAuth2Client;
          };
        };
        400: RefusedByEither;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        409: Refused;
        413: RefusedByEither;
        415: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/clients/{clientId}/secrets': {
    /**
     * A second secret, so that the first can be replaced · 添加第二个密钥以便轮换
     */
    post: {
      parameters: {
        query?: never;
        header: {
          /**
           * Makes a repeat of this request safe: same key, same answer
           */
          'Idempotency-Key': string;
        };
        path: {
          clientId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        201: {
          content: {
            'application/json': NewClientSecret;
          };
        };
        400: RefusedByEither;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        409: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/clients/{clientId}/secrets/{secretId}': {
    /**
     * Remove a secret · 删除密钥
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          clientId: string;
          secretId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: {
          content?: never;
        };
        400: RefusedByEither;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        409: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/webhooks': {
    /**
     * Be told of events, signed by a secret that is shown this once · 新建自己的 webhook
     */
    post: {
      parameters: {
        query?: never;
        header: {
          /**
           * Makes a repeat of this request safe: same key, same answer
           */
          'Idempotency-Key': string;
        };
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': NewWebhook;
        };
      };
      responses: {
        201: {
          content: {
            'application/json': MadeWebhook;
          };
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        409: Refused;
        413: RefusedByEither;
        415: Refused;
        422: Refused;
        429: RefusedByEither;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
    /**
     * My webhooks · 自己的 webhook
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          content: {
            'application/json': {
              items: Webhook[];
            };
          };
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        429: RefusedByEither;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/webhooks/{webhookId}': {
    /**
     * Be told no more · 删除自己的 webhook
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          webhookId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: {
          content?: never;
        };
        400: RefusedByEither;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        429: RefusedByEither;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/webhooks/{webhookId}/deliveries': {
    /**
     * What my webhook was told, the newest first · 投递记录，最新的在前
     */
    get: {
      parameters: {
        query?: {
          /**
           * 1 to 100; 20 when absent
           */
          limit?: number;
          /**
           * `nextCursor` of the page before
           */
          cursor?: string;
        };
        header?: never;
        path: {
          webhookId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          content: {
            'application/json': {
              items: WebhookDelivery[];
              nextCursor: string | null;
            };
          };
        };
        400: RefusedByEither;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        429: RefusedByEither;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/webhooks/{webhookId}/redelivery': {
    /**
     * Send again what could not be delivered · 重新投递未送达的事件
     */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          webhookId: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': WebhookRedelivery;
        };
      };
      responses: {
        200: {
          content: {
            'application/json': QueuedRedelivery;
          };
        };
        400: RefusedByEither;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        409: Refused;
        413: RefusedByEither;
        415: Refused;
        429: RefusedByEither;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/clients/{clientId}/webhooks': {
    /**
     * A webhook for a client · 为客户端新建 webhook
     */
    post: {
      parameters: {
        query?: never;
        header: {
          /**
           * Makes a repeat of this request safe: same key, same answer
           */
          'Idempotency-Key': string;
        };
        path: {
          clientId: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': NewWebhook;
        };
      };
      responses: {
        201: {
          content: {
            'application/json': MadeWebhook;
          };
        };
        400: RefusedByEither;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        409: Refused;
        413: RefusedByEither;
        415: Refused;
        422: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
    /**
     * The webhooks of a client · 客户端的 webhook
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          clientId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          content: {
            'application/json': {
              items: Webhook[];
            };
          };
        };
        400: RefusedByEither;
        401: RefusedByEither;
        403: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/clients/{clientId}/webhooks/{webhookId}': {
    /**
     * Remove a webhook of a client · 删除客户端的 webhook
     */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          clientId: string;
          webhookId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: {
          content?: never;
        };
        400: RefusedByEither;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/clients/{clientId}/webhooks/{webhookId}/deliveries': {
    /**
     * What a webhook of a client was told · 客户端 webhook 的投递记录
     */
    get: {
      parameters: {
        query?: {
          /**
           * 1 to 100; 20 when absent
           */
          limit?: number;
          /**
           * `nextCursor` of the page before
           */
          cursor?: string;
        };
        header?: never;
        path: {
          clientId: string;
          webhookId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          content: {
            'application/json': {
              items: WebhookDelivery[];
              nextCursor: string | null;
            };
          };
        };
        400: RefusedByEither;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/clients/{clientId}/webhooks/{webhookId}/redelivery': {
    /**
     * Send a client again what could not be delivered · 重新投递客户端 webhook 未送达的事件
     */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          clientId: string;
          webhookId: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': WebhookRedelivery;
        };
      };
      responses: {
        200: {
          content: {
            'application/json': QueuedRedelivery;
          };
        };
        400: RefusedByEither;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        409: Refused;
        413: RefusedByEither;
        415: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/programme': {
    /**
     * The rules of the programme · 查看积分规则
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          content: {
            'application/json': Programme;
          };
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
    /**
     * Replace the rules at once: a client with programme.write_alone; everybody else proposes · 更新积分规则（持有单独权限的客户端；员工须提请复核）
     */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': ProgrammeChange;
        };
      };
      responses: {
        200: {
          content: {
            'application/json': Programme;
          };
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        409: Refused;
        413: RefusedByEither;
        415: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/programme/proposals': {
    /**
     * Propose other rules, which a second person approves · 提请更新积分规则
     */
    post: {
      parameters: {
        query?: never;
        header: {
          /**
           * Makes a repeat of this request safe: same key, same answer
           */
          'Idempotency-Key': string;
        };
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            /**
             * Why, for the record: it is kept for ever, so it names nobody, and no phone is taken in it
             */
            reason: string;
            change: ProgrammeChange;
          };
        };
      };
      responses: {
        202: {
          content: {
            'application/json': Proposal;
          };
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        409: Refused;
        413: RefusedByEither;
        415: Refused;
        422: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/products': {
    /**
     * Gifts on the shelf, newest first · 在架礼品，新上架的在前
     */
    get: {
      parameters: {
        query?: {
          /**
           * 1 to 100; 20 when absent
           */
          limit?: number;
          /**
           * `nextCursor` of the page before
           */
          cursor?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          content: {
            'application/json': {
              items: Product[];
              nextCursor: string | null;
            };
          };
        };
        400: Refused;
        429: RefusedByGateway;
        500: Refused;
        503: RefusedByEither;
      };
    };
    /**
     * Put a gift on the shelf · 上架礼品
     */
    post: {
      parameters: {
        query?: never;
        header: {
          /**
           * Makes a repeat of this request safe: same key, same answer
           */
          'Idempotency-Key': string;
        };
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': NewProduct;
        };
      };
      responses: {
        201: {
          content: {
            'application/json': Product;
          };
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        413: RefusedByEither;
        415: Refused;
        422: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/products/{productId}': {
    /**
     * One gift on the shelf · 查看礼品
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          productId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          content: {
            'application/json': Product;
          };
        };
        400: RefusedByEither;
        404: Refused;
        429: RefusedByGateway;
        500: Refused;
        503: RefusedByEither;
      };
    };
    /**
     * Change a gift: its name, its price, on or off the shelf · 修改礼品：名称、价格、上下架
     */
    patch: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          productId: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': ProductChange;
        };
      };
      responses: {
        200: {
          content: {
            'application/json': Product;
          };
        };
        400: RefusedByEither;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        413: RefusedByEither;
        415: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/me/points': {
    /**
     * My points account · 我的积分账户
     */
    get: {
      parameters: {
        query?: {
          /**
           * POINTS when absent
           */
          currency?: string;
          /**
           * The account as it was then; now when absent
           */
          at?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          content: {
            'application/json': PointsAccount;
          };
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/me/points/entries': {
    /**
     * My points statement, newest first · 我的积分流水，最新的在前
     */
    get: {
      parameters: {
        query?: {
          /**
           * 1 to 100; 20 when absent
           */
          limit?: number;
          /**
           * `nextCursor` of the page before
           */
          cursor?: string;
          /**
           * POINTS when absent
           */
          currency?: string;
          kind?:
            | 'EARN'
            | 'ACTIVATE'
            | 'SPEND'
            | 'HOLD'
            | 'CAPTURE'
            | 'RELEASE'
            | 'REFUND'
            | 'CLAWBACK'
            | 'EXPIRE'
            | 'ADJUST_UP'
            | 'ADJUST_DOWN'
            | 'TRANSFER_OUT'
            | 'TRANSFER_IN'
            | 'EXCHANGE_OUT'
            | 'EXCHANGE_IN'
            | 'MERGE_OUT'
            | 'MERGE_IN'
            | 'FREEZE'
            | 'THAW'
            | 'DEBT_PAID';
          /**
           * Lines of this day and later
           */
          from?: string;
          /**
           * Lines of this day and earlier
           */
          to?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          content: {
            'application/json': {
              items: PointsEntry[];
              nextCursor: string | null;
            };
          };
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/me/notices': {
    /**
     * What I was told will lapse, newest first · 我的到期提醒，最新的在前
     */
    get: {
      parameters: {
        query?: {
          /**
           * 1 to 100; 20 when absent
           */
          limit?: number;
          /**
           * `nextCursor` of the page before
           */
          cursor?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          content: {
            'application/json': {
              items: Notice[];
              nextCursor: string | null;
            };
          };
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/me/transfers': {
    /**
     * Give points to another member; final · 赠送积分给其他会员
     */
    post: {
      parameters: {
        query?: never;
        header: {
          /**
           * Makes a repeat of this request safe: same key, same answer
           */
          'Idempotency-Key': string;
        };
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': NewTransfer;
        };
      };
      responses: {
        201: {
          content: {
            'application/json': Transfer;
          };
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        409: Refused;
        410: Refused;
        413: RefusedByEither;
        415: Refused;
        422: Refused;
        429: RefusedByEither;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/me/exchanges': {
    /**
     * Exchange one currency for another at the rate of the programme · 积分与其他币种互换
     */
    post: {
      parameters: {
        query?: never;
        header: {
          /**
           * Makes a repeat of this request safe: same key, same answer
           */
          'Idempotency-Key': string;
        };
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': NewExchange;
        };
      };
      responses: {
        201: {
          content: {
            'application/json': Exchange;
          };
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        409: Refused;
        413: RefusedByEither;
        415: Refused;
        422: Refused;
        429: RefusedByEither;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/holds': {
    /**
     * Set points aside · 预扣积分
     */
    post: {
      parameters: {
        query?: never;
        header: {
          /**
           * Makes a repeat of this request safe: same key, same answer
           */
          'Idempotency-Key': string;
        };
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': NewHold;
        };
      };
      responses: {
        201: {
          content: {
            'application/json': Hold;
          };
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        409: Refused;
        410: Refused;
        413: RefusedByEither;
        415: Refused;
        422: Refused;
        429: RefusedByEither;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/holds/{holdId}': {
    /**
     * A hold that this client made · 查询预扣
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          holdId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          content: {
            'application/json': Hold;
          };
        };
        400: RefusedByEither;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        429: RefusedByEither;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/holds/{holdId}/capture': {
    /**
     * Use what was set aside, or a part of it; the rest goes back · 扣除预扣的积分，余下的退回
     */
    post: {
      parameters: {
        query?: never;
        header: {
          /**
           * Makes a repeat of this request safe: same key, same answer
           */
          'Idempotency-Key': string;
        };
        path: {
          holdId: string;
        };
        cookie?: never;
      };
      requestBody?: {
        content: {
          'application/json': {
            /**
             * All of it when absent
             */
            points?: number;
          };
        };
      };
      responses: {
        200: {
          content: {
            'application/json': Hold;
          };
        };
        400: RefusedByEither;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        409: Refused;
        413: RefusedByEither;
        415: Refused;
        422: Refused;
        429: RefusedByEither;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/holds/{holdId}/release': {
    /**
     * Give back what was set aside · 释放预扣，积分退回
     */
    post: {
      parameters: {
        query?: never;
        header: {
          /**
           * Makes a repeat of this request safe: same key, same answer
           */
          'Idempotency-Key': string;
        };
        path: {
          holdId: string;
        };
        cookie?: never;
      };
      requestBody?: {
        content: {
          /**
           * Nothing, or an empty object
           */
          'application/json': {};
        };
      };
      responses: {
        200: {
          content: {
            'application/json': Hold;
          };
        };
        400: RefusedByEither;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        409: Refused;
        413: RefusedByEither;
        415: Refused;
        429: RefusedByEither;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/opening-balances': {
    /**
     * Take over the balances of another system (CSV) · 导入期初余额（CSV）
     */
    post: {
      parameters: {
        query?: {
          /**
           * true: the same answer, and nothing is written
           */
          dryRun?: boolean;
        };
        header: {
          /**
           * Makes a repeat of this request safe: same key, same answer
           */
          'Idempotency-Key': string;
        };
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          /**
           * A header and 1 to 50 rows. Columns in any order: one of phone, externalId, memberId; points; lastDay; currency (POINTS when absent). What is wrong is said by line and column, and then nothing of it is applied.
           */
          'text/csv': string;
        };
      };
      responses: {
        200: {
          content: {
            'application/json': UploadReport;
          };
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        413: RefusedByEither;
        415: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/grants': {
    /**
     * Grant points to many members (CSV) · 批量赠送积分（CSV）
     */
    post: {
      parameters: {
        query: {
          /**
           * The name under which each row counts once
           */
          batch: string;
          /**
           * Why, for the record: it is kept for ever, so it names nobody, and no phone is taken in it
           */
          reason: string;
          /**
           * true: the same answer, and nothing is written
           */
          dryRun?: boolean;
        };
        header: {
          /**
           * Makes a repeat of this request safe: same key, same answer
           */
          'Idempotency-Key': string;
        };
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          /**
           * A header and 1 to 50 rows. Columns in any order: one of phone, externalId, memberId; points; lastDay (by the currency's policy when empty); currency (POINTS when absent). What is wrong is said by line and column, and then nothing of it is applied.
           */
          'text/csv': string;
        };
      };
      responses: {
        200: {
          content: {
            'application/json': UploadReport;
          };
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        413: RefusedByEither;
        415: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/members/{memberId}/accounts': {
    /**
     * All accounts of a member, one a currency · 会员的全部账户
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          memberId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          content: {
            'application/json': {
              items: StaffPointsAccount[];
            };
          };
        };
        400: RefusedByEither;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/members/{memberId}/points': {
    /**
     * A member's points account, now or as of an instant · 会员的积分账户
     */
    get: {
      parameters: {
        query?: {
          /**
           * POINTS when absent
           */
          currency?: string;
          /**
           * The account as it was then; now when absent
           */
          at?: string;
        };
        header?: never;
        path: {
          memberId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          content: {
            'application/json': StaffPointsAccount;
          };
        };
        400: RefusedByEither;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/members/{memberId}/points/entries': {
    /**
     * A member's points statement, newest first · 会员的积分流水，最新的在前
     */
    get: {
      parameters: {
        query?: {
          /**
           * 1 to 100; 20 when absent
           */
          limit?: number;
          /**
           * `nextCursor` of the page before
           */
          cursor?: string;
          /**
           * POINTS when absent
           */
          currency?: string;
          kind?:
            | 'EARN'
            | 'ACTIVATE'
            | 'SPEND'
            | 'HOLD'
            | 'CAPTURE'
            | 'RELEASE'
            | 'REFUND'
            | 'CLAWBACK'
            | 'EXPIRE'
            | 'ADJUST_UP'
            | 'ADJUST_DOWN'
            | 'TRANSFER_OUT'
            | 'TRANSFER_IN'
            | 'EXCHANGE_OUT'
            | 'EXCHANGE_IN'
            | 'MERGE_OUT'
            | 'MERGE_IN'
            | 'FREEZE'
            | 'THAW'
            | 'DEBT_PAID';
          /**
           * Lines of this day and later
           */
          from?: string;
          /**
           * Lines of this day and earlier
           */
          to?: string;
        };
        header?: never;
        path: {
          memberId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          content: {
            'application/json': {
              items: PointsEntry[];
              nextCursor: string | null;
            };
          };
        };
        400: RefusedByEither;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/adjustments': {
    /**
     * Adjust a member's points, with a reason; beyond the limit of the programme at once, or ten times it on one day, only with points.adjust_alone · 调整会员积分；单次超过规则限额，或一人当日累计超过限额的十倍，须另一人批准
     */
    post: {
      parameters: {
        query?: never;
        header: {
          /**
           * Makes a repeat of this request safe: same key, same answer
           */
          'Idempotency-Key': string;
        };
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': NewAdjustment;
        };
      };
      responses: {
        201: {
          content: {
            'application/json': Adjustment;
          };
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        409: Refused;
        410: Refused;
        413: RefusedByEither;
        415: Refused;
        422: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/adjustments/proposals': {
    /**
     * Propose an adjustment, which a second person approves · 提请调整会员积分
     */
    post: {
      parameters: {
        query?: never;
        header: {
          /**
           * Makes a repeat of this request safe: same key, same answer
           */
          'Idempotency-Key': string;
        };
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': NewAdjustment;
        };
      };
      responses: {
        202: {
          content: {
            'application/json': Proposal;
          };
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        410: Refused;
        413: RefusedByEither;
        415: Refused;
        422: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/adjustments/{adjustmentId}': {
    /**
     * One adjustment, and whether it was undone · 查看积分调整
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          adjustmentId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          content: {
            'application/json': Adjustment;
          };
        };
        400: RefusedByEither;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/adjustments/{adjustmentId}/undo': {
    /**
     * Undo an adjustment, once · 撤销积分调整
     */
    post: {
      parameters: {
        query?: never;
        header: {
          /**
           * Makes a repeat of this request safe: same key, same answer
           */
          'Idempotency-Key': string;
        };
        path: {
          adjustmentId: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            /**
             * Why, for the record: it is kept for ever, so it names nobody, and no phone is taken in it
             */
            reason: string;
            /**
             * What is done when fewer points are there: refuse (when absent), owe the rest, or take what is there. The last two need the permission points.adjust_beyond
             */
            shortage?: 'REFUSE' | 'DEBT' | 'CLAMP';
          };
        };
      };
      responses: {
        200: {
          content: {
            'application/json': Adjustment;
          };
        };
        400: RefusedByEither;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        409: Refused;
        413: RefusedByEither;
        415: Refused;
        422: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/members/{memberId}/freeze': {
    /**
     * Stop what a member spends; what comes in still comes in · 冻结会员使用积分
     */
    post: {
      parameters: {
        query?: never;
        header: {
          /**
           * Makes a repeat of this request safe: same key, same answer
           */
          'Idempotency-Key': string;
        };
        path: {
          memberId: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            /**
             * Why, for the record: it is kept for ever, so it names nobody, and no phone is taken in it
             */
            reason: string;
            /**
             * All when absent
             */
            currency?: string;
          };
        };
      };
      responses: {
        200: {
          content: {
            'application/json': {
              memberId: string;
              accounts: {
                currency: string;
                frozen: boolean;
              }[];
            };
          };
        };
        400: RefusedByEither;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        413: RefusedByEither;
        415: Refused;
        429: RefusedByEither;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/members/{memberId}/thaw': {
    /**
     * Allow a member to spend again · 解除冻结
     */
    post: {
      parameters: {
        query?: never;
        header: {
          /**
           * Makes a repeat of this request safe: same key, same answer
           */
          'Idempotency-Key': string;
        };
        path: {
          memberId: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            /**
             * Why, for the record: it is kept for ever, so it names nobody, and no phone is taken in it
             */
            reason: string;
            /**
             * All when absent
             */
            currency?: string;
          };
        };
      };
      responses: {
        200: {
          content: {
            'application/json': {
              memberId: string;
              accounts: {
                currency: string;
                frozen: boolean;
              }[];
            };
          };
        };
        400: RefusedByEither;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        413: RefusedByEither;
        415: Refused;
        429: RefusedByEither;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/approvals': {
    /**
     * What waits for a second person, or did; newest first · 待批与已批的操作，最新的在前
     */
    get: {
      parameters: {
        query?: {
          /**
           * 1 to 100; 20 when absent
           */
          limit?: number;
          /**
           * `nextCursor` of the page before
           */
          cursor?: string;
          /**
           * OPEN when absent
           */
          status?: 'OPEN' | 'APPROVED' | 'REJECTED';
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          content: {
            'application/json': {
              items: Approval[];
              nextCursor: string | null;
            };
          };
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/approvals/{approvalId}': {
    /**
     * One proposal, and what became of it · 查看一项待批操作
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          approvalId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          content: {
            'application/json': Approval;
          };
        };
        400: RefusedByEither;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/approvals/{approvalId}/approve': {
    /**
     * Approve, which does it; needs the permission of the act itself too · 批准并执行（须有该操作本身的权限）
     */
    post: {
      parameters: {
        query?: never;
        header: {
          /**
           * Makes a repeat of this request safe: same key, same answer
           */
          'Idempotency-Key': string;
        };
        path: {
          approvalId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          content: {
            'application/json': Approval;
          };
        };
        400: RefusedByEither;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        409: Refused;
        410: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/approvals/{approvalId}/reject': {
    /**
     * Reject · 驳回
     */
    post: {
      parameters: {
        query?: never;
        header: {
          /**
           * Makes a repeat of this request safe: same key, same answer
           */
          'Idempotency-Key': string;
        };
        path: {
          approvalId: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            /**
             * Why, for the record: it is kept for ever, so it names nobody, and no phone is taken in it
             */
            reason: string;
          };
        };
      };
      responses: {
        200: {
          content: {
            'application/json': Approval;
          };
        };
        400: RefusedByEither;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        409: Refused;
        413: RefusedByEither;
        415: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/purchases': {
    /**
     * Report a purchase, which earns points · 上报消费并返积分
     */
    post: {
      parameters: {
        query?: never;
        header: {
          /**
           * Makes a repeat of this request safe: same key, same answer
           */
          'Idempotency-Key': string;
        };
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': NewPurchase;
        };
      };
      responses: {
        201: {
          content: {
            'application/json': Purchase;
          };
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        409: Refused;
        410: Refused;
        413: RefusedByEither;
        415: Refused;
        422: Refused;
        429: RefusedByEither;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/purchases/{number}': {
    /**
     * A purchase that was reported · 查询已上报的消费
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /**
           * What makes a purchase one, for ever, whatever the Idempotency-Key: unique in the whole programme, so prefix it with the system it comes from
           */
          number: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          content: {
            'application/json': Purchase;
          };
        };
        400: RefusedByEither;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        429: RefusedByEither;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/returns': {
    /**
     * Report a return, which takes back what its part of the purchase earned · 上报退货并扣回积分
     */
    post: {
      parameters: {
        query?: never;
        header: {
          /**
           * Makes a repeat of this request safe: same key, same answer
           */
          'Idempotency-Key': string;
        };
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': NewReturn;
        };
      };
      responses: {
        201: {
          content: {
            'application/json': Return;
          };
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        409: Refused;
        413: RefusedByEither;
        415: Refused;
        422: Refused;
        429: RefusedByEither;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/returns/{number}': {
    /**
     * A return that was reported · 查询已上报的退货
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /**
           * What makes a return one, for ever: unique among returns in the whole programme
           */
          number: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          content: {
            'application/json': Return;
          };
        };
        400: RefusedByEither;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        429: RefusedByEither;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/orders': {
    /**
     * Redeem a gift · 积分兑换礼品
     */
    post: {
      parameters: {
        query?: never;
        header: {
          /**
           * Makes a repeat of this request safe: same key, same answer
           */
          'Idempotency-Key': string;
        };
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': NewOrder;
        };
      };
      responses: {
        201: {
          content: {
            'application/json': Order;
          };
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        409: Refused;
        410: Refused;
        413: RefusedByEither;
        415: Refused;
        422: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
    /**
     * Orders in one status, newest first · 按状态列出订单
     */
    get: {
      parameters: {
        query?: {
          /**
           * 1 to 100; 20 when absent
           */
          limit?: number;
          /**
           * `nextCursor` of the page before
           */
          cursor?: string;
          /**
           * PENDING_SHIPMENT when absent
           */
          status?: 'PENDING_SHIPMENT' | 'IN_TRANSIT' | 'RECEIVED' | 'CANCELLED';
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          content: {
            'application/json': {
              items: StaffOrder[];
              nextCursor: string | null;
            };
          };
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/me/orders': {
    /**
     * My orders, newest first · 我的订单，最新的在前
     */
    get: {
      parameters: {
        query?: {
          /**
           * 1 to 100; 20 when absent
           */
          limit?: number;
          /**
           * `nextCursor` of the page before
           */
          cursor?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          content: {
            'application/json': {
              items: Order[];
              nextCursor: string | null;
            };
          };
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/me/orders/{orderId}': {
    /**
     * One of my orders · 我的订单详情
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          orderId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          content: {
            'application/json': Order;
          };
        };
        400: RefusedByEither;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/me/orders/{orderId}/cancellation': {
    /**
     * Cancel before shipment: points go back to their lots · 发货前取消订单，积分退回原批次
     */
    post: {
      parameters: {
        query?: never;
        header: {
          /**
           * Makes a repeat of this request safe: same key, same answer
           */
          'Idempotency-Key': string;
        };
        path: {
          orderId: string;
        };
        cookie?: never;
      };
      requestBody?: {
        content: {
          /**
           * Nothing, or an empty object
           */
          'application/json': {};
        };
      };
      responses: {
        200: {
          content: {
            'application/json': Order;
          };
        };
        400: RefusedByEither;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        409: Refused;
        413: RefusedByEither;
        415: Refused;
        422: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/me/orders/{orderId}/receipt': {
    /**
     * Confirm that it has arrived · 确认收货
     */
    post: {
      parameters: {
        query?: never;
        header: {
          /**
           * Makes a repeat of this request safe: same key, same answer
           */
          'Idempotency-Key': string;
        };
        path: {
          orderId: string;
        };
        cookie?: never;
      };
      requestBody?: {
        content: {
          /**
           * Nothing, or an empty object
           */
          'application/json': {};
        };
      };
      responses: {
        200: {
          content: {
            'application/json': Order;
          };
        };
        400: RefusedByEither;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        409: Refused;
        413: RefusedByEither;
        415: Refused;
        422: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/orders/{orderId}': {
    /**
     * One order · 订单详情
     */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          orderId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          content: {
            'application/json': StaffOrder;
          };
        };
        400: RefusedByEither;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/orders/{orderId}/shipment': {
    /**
     * Ship an order · 发货
     */
    post: {
      parameters: {
        query?: never;
        header: {
          /**
           * Makes a repeat of this request safe: same key, same answer
           */
          'Idempotency-Key': string;
        };
        path: {
          orderId: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            carrier: string;
            trackingNumber: string;
          };
        };
      };
      responses: {
        200: {
          content: {
            'application/json': StaffOrder;
          };
        };
        400: RefusedByEither;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        409: Refused;
        413: RefusedByEither;
        415: Refused;
        422: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/orders/{orderId}/cancellation': {
    /**
     * Cancel an order on behalf of the shop · 商家取消订单
     */
    post: {
      parameters: {
        query?: never;
        header: {
          /**
           * Makes a repeat of this request safe: same key, same answer
           */
          'Idempotency-Key': string;
        };
        path: {
          orderId: string;
        };
        cookie?: never;
      };
      requestBody?: {
        content: {
          /**
           * Nothing, or an empty object
           */
          'application/json': {};
        };
      };
      responses: {
        200: {
          content: {
            'application/json': StaffOrder;
          };
        };
        400: RefusedByEither;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        409: Refused;
        413: RefusedByEither;
        415: Refused;
        422: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/me/merges': {
    /**
     * Merge this account into the one that has this phone, for ever, by a code sent there and a fresh login · 重新登录后凭短信验证码将当前账户并入该手机号的账户，不可撤销
     */
    post: {
      parameters: {
        query?: never;
        header: {
          /**
           * Makes a repeat of this request safe: same key, same answer
           */
          'Idempotency-Key': string;
        };
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            /**
             * E.164, or a mainland number without +86
             */
            phone: string;
            code: string;
            /**
             * Which request a code was sent for; who says so at the login takes no code of another request
             */
            codeId?: string;
            device?: Device;
          };
        };
      };
      responses: {
        201: {
          content: {
            'application/json': MyMerge;
          };
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        409: Refused;
        410: Refused;
        413: RefusedByEither;
        415: Refused;
        422: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/members/{memberId}/merge': {
    /**
     * Merge a member's accounts into another's, for ever; no order or hold may be open. More points, pending ones included, than one may adjust alone take a second person · 将会员的全部账户并入另一会员；积分（含待生效）超过单人调整限额，须另一人批准
     */
    post: {
      parameters: {
        query?: never;
        header: {
          /**
           * Makes a repeat of this request safe: same key, same answer
           */
          'Idempotency-Key': string;
        };
        path: {
          memberId: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            into: string;
            /**
             * Why, for the record: it is kept for ever, so it names nobody, and no phone is taken in it
             */
            reason: string;
          };
        };
      };
      responses: {
        200: {
          content: {
            'application/json': Merge;
          };
        };
        400: RefusedByEither;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        409: Refused;
        410: Refused;
        413: RefusedByEither;
        415: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/members/{memberId}/merge/proposals': {
    /**
     * Propose a merge, which a second person approves · 提请合并会员
     */
    post: {
      parameters: {
        query?: never;
        header: {
          /**
           * Makes a repeat of this request safe: same key, same answer
           */
          'Idempotency-Key': string;
        };
        path: {
          memberId: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            into: string;
            /**
             * Why, for the record: it is kept for ever, so it names nobody, and no phone is taken in it
             */
            reason: string;
          };
        };
      };
      responses: {
        202: {
          content: {
            'application/json': Proposal;
          };
        };
        400: RefusedByEither;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        409: Refused;
        410: Refused;
        413: RefusedByEither;
        415: Refused;
        422: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/me/exports': {
    /**
     * All that is held on me, as JSON and CSV, by links that are good for 15 minutes; three times a day · 导出我的全部个人信息（JSON 与 CSV），下载链接 15 分钟内有效，每日最多 3 次
     */
    post: {
      parameters: {
        query?: never;
        header: {
          /**
           * Makes a repeat of this request safe: same key, same answer
           */
          'Idempotency-Key': string;
        };
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        201: {
          content: {
            'application/json': Export;
          };
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        409: Refused;
        410: Refused;
        429: RefusedByEither;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/me/erasure': {
    /**
     * Erases who I am, for good, within ten minutes of a login: what is personal goes, the ledger stays under a number that is nobody’s · 注销账号（须在十分钟内重新登录）：个人信息全部删除且无法恢复，积分流水仅以匿名编号保留
     */
    post: {
      parameters: {
        query?: never;
        header: {
          /**
           * Makes a repeat of this request safe: same key, same answer
           */
          'Idempotency-Key': string;
        };
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            /**
             * So that nobody is erased by mistake
             */
            confirm: 'ERASE';
          };
        };
      };
      responses: {
        200: {
          content: {
            'application/json': Erasure;
          };
        };
        400: Refused;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        409: Refused;
        413: RefusedByEither;
        415: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
  '/v1/members/{memberId}/erasure': {
    /**
     * Propose to erase a member who asks for it and cannot log in; a second person approves, which cannot be undone · 提请注销会员（会员本人要求而无法登录），须另一人批准；批准后无法恢复
     */
    post: {
      parameters: {
        query?: never;
        header: {
          /**
           * Makes a repeat of this request safe: same key, same answer
           */
          'Idempotency-Key': string;
        };
        path: {
          memberId: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            /**
             * Why, for the record: it is kept for ever, so it names nobody, and no phone is taken in it
             */
            reason: string;
          };
        };
      };
      responses: {
        202: {
          content: {
            'application/json': Proposal;
          };
        };
        400: RefusedByEither;
        401: RefusedByEither;
        403: Refused;
        404: Refused;
        409: Refused;
        410: Refused;
        413: RefusedByEither;
        415: Refused;
        422: Refused;
        429: RefusedByGateway;
        500: RefusedByEither;
        503: RefusedByEither;
      };
    };
  };
}
export interface Refused {
  content: {
    'application/problem+json': Problem;
  };
}
/**
 * RFC 9457; each refusal has of the optional fields those that help
 */
export interface Problem {
  type: string;
  /**
   * In the language of Accept-Language, Chinese or English
   */
  title: string;
  status: number;
  /**
   * Stable; what programs go by
   */
  code: string;
  /**
   * The id of the request, as in the log
   */
  instance: string;
  /**
   * Which fields are wrong, or which rows of a file
   */
  errors?: {
    in?: 'path' | 'query' | 'header' | 'body';
    /**
     * Which field, with dots between: `lines.0.amountFen`
     */
    path?: string;
    /**
     * What is wrong with it; of an upload in both languages
     */
    message: {
      [k: string]: unknown;
    };
    [k: string]: unknown;
  }[];
  /**
   * As `Retry-After` says
   */
  retryAfterSeconds?: number;
  /**
   * For so long nobody may log in by this name or from there
   */
  waitSeconds?: number;
  /**
   * So long ago at most the login must be
   */
  maxAgeSeconds?: number;
  /**
   * The scope or permission, or who, that this takes
   */
  needs?: string;
  /**
   * What of the request nobody knows
   */
  unknown?: string[];
  /**
   * What is wrong with an address
   */
  wrong?: string;
  /**
   * What is wrong with a picture
   */
  why?: string;
  /**
   * The media types that are taken
   */
  wanted?: {
    [k: string]: unknown;
  };
  /**
   * The content coding that is taken
   */
  coding?: string;
  maxBytes?: number;
  maxPixels?: number;
  width?: number;
  height?: number;
  contentType?: string;
  memberId?: string;
  /**
   * Into whom the member was merged
   */
  heirId?: string;
  staffId?: string;
  /**
   * For what there is no consent
   */
  purpose?: string;
  /**
   * From when on it is taken; of an exchange: the currency
   */
  from?: string;
  /**
   * The currency
   */
  to?: string;
  /**
   * Until when it is so, or was possible
   */
  until?: string;
  /**
   * How many there may be
   */
  most?: number;
  /**
   * How many it takes at least
   */
  least?: number;
  /**
   * The bound that was met
   */
  limit?: {
    [k: string]: unknown;
  };
  /**
   * How many points are lacking
   */
  missing?: number;
  /**
   * How many points can be spent
   */
  available?: number;
  /**
   * How many points are owed
   */
  debt?: number;
  /**
   * How many points are held
   */
  held?: number;
  holdIds?: string[];
  holdStatus?: string;
  orderIds?: string[];
  orderStatus?: string;
  points?: number;
  /**
   * What it costs by now
   */
  pricePoints?: number;
  currency?: string;
  lastDay?: string;
  /**
   * How many points may be given at once
   */
  maxPoints?: number;
  maxPointsPerDay?: number;
  /**
   * How many points one may adjust, or merge, alone at once
   */
  maxPointsAlone?: number;
  /**
   * How many of them are left today
   */
  leftToday?: number;
  /**
   * Of the purchase or return that was reported before
   */
  number?: string;
  /**
   * Which fields are not as they were reported before
   */
  differs?: string[];
  /**
   * What of each line can still be returned
   */
  lines?: unknown[];
  /**
   * How much money can still be returned
   */
  leftFen?: number;
  /**
   * The version that there is by now
   */
  version?: number;
  timeZone?: string;
  [k: string]: unknown;
}
export interface RefusedByEither {
  content: {
    'application/problem+json': Problem;
    'application/json': GatewayRefusal;
  };
}
/**
 * What the gateway itself refuses: no Authorization header (401), over 10 MB (413), throttled (429), down (503)
 */
export interface GatewayRefusal {
  message: string;
}
/**
 * What the client says it runs on, so that a member knows this session again
 */
export interface Device {
  name?: string;
  platform?: 'IOS' | 'ANDROID' | 'HARMONY' | 'MINI_PROGRAM' | 'WEB' | 'OTHER';
}
export interface Session {
  accessToken: string;
  tokenType: 'Bearer';
  expiresInSeconds: number;
  refreshToken: string;
  memberId: string;
  /**
   * This login made the member
   */
  firstVisit: boolean;
}
export interface RefusedByGateway {
  content: {
    'application/json': GatewayRefusal;
  };
}
export interface RefreshedSession {
  accessToken: string;
  tokenType: 'Bearer';
  expiresInSeconds: number;
  refreshToken: string;
  memberId: string;
}
/**
 * RFC 7517; a token names its key by `kid`
 */
export interface KeySet {
  keys: {
    kty: 'EC';
    crv: 'P-256';
    x: string;
    y: string;
    kid: string;
    use: 'sig';
    alg: 'ES256';
  }[];
}
export interface OpenSession {
  sessionId: string;
  /**
   * The session of the token that asks
   */
  current: boolean;
  deviceName: string | null;
  platform: ('IOS' | 'ANDROID' | 'HARMONY' | 'MINI_PROGRAM' | 'WEB' | 'OTHER') | null;
  /**
   * Told by the User-Agent of the login
   */
  app: ('WECHAT' | 'ALIPAY' | 'QQ' | 'HUAWEI' | 'EDGE' | 'FIREFOX' | 'CHROME' | 'SAFARI' | 'OTHER') | null;
  /**
   * From where it was opened, as coarse as a region
   */
  network: string | null;
  /**
   * An instant, ISO 8601 with offset
   */
  createdAt: string;
  /**
   * When it was opened or last renewed
   */
  lastUsedAt: string;
  /**
   * By whom its app is sent messages, where a push token counts
   */
  push: ('APNS' | 'FCM' | 'HUAWEI' | 'HONOR' | 'XIAOMI' | 'OPPO' | 'VIVO') | null;
}
export interface PushRegistration {
  service: 'APNS' | 'FCM' | 'HUAWEI' | 'HONOR' | 'XIAOMI' | 'OPPO' | 'VIVO';
  /**
   * An instant, ISO 8601 with offset
   */
  registeredAt: string;
}
export interface BoundIdentities {
  items: BoundIdentity[];
}
export interface BoundIdentity {
  /**
   * PHONE: another phone than the one of `GET /v1/me`, which came by a merge
   */
  provider: 'WECHAT' | 'QQ' | 'ALIPAY' | 'OIDC' | 'PHONE';
  /**
   * What it calls me, masked
   */
  name: string;
  /**
   * An instant, ISO 8601 with offset
   */
  boundAt: string;
}
export interface BoundPhone {
  /**
   * Masked
   */
  phone: string;
}
export interface Member {
  memberId: string;
  /**
   * Masked
   */
  phone: string | null;
  /**
   * An instant, ISO 8601 with offset
   */
  registeredAt: string;
  /**
   * Until then nothing leaves the account, because how its member logs in was changed; null as a rule
   */
  heldUntil: string | null;
}
export interface MemberCode {
  code: string;
  /**
   * From then on there is another one to show; this one is taken for 30 seconds more, once
   */
  nextAt: string;
}
export interface StaffMember {
  memberId: string;
  /**
   * Masked
   */
  phone: string | null;
  /**
   * An instant, ISO 8601 with offset
   */
  registeredAt: string;
  /**
   * Until then nothing leaves the account, because how its member logs in was changed; null as a rule
   */
  heldUntil: string | null;
  /**
   * How they came
   */
  via: 'LOGIN' | 'TILL' | 'UPLOAD';
  /**
   * The heir of one who was merged
   */
  mergedInto: string | null;
}
export interface Profile {
  nickname: string | null;
  birthday: string | null;
  gender: ('FEMALE' | 'MALE' | 'UNSPECIFIED') | null;
  region: string | null;
  /**
   * From when another birthday is taken; null while it can be set
   */
  birthdayChangeableFrom: string | null;
  /**
   * A link to the picture, good until then
   */
  avatar: {
    url: string;
    /**
     * An instant, ISO 8601 with offset
     */
    expiresAt: string;
  } | null;
}
/**
 * Birthday, gender and region need the consent PROFILE
 */
export interface ProfileChange {
  nickname?: string | null;
  birthday?: string | null;
  gender?: ('FEMALE' | 'MALE' | 'UNSPECIFIED') | null;
  region?: string | null;
}
export interface Preferences {
  /**
   * Each counts once
   *
   * @maxItems 20
   */
  interests: string[];
  /**
   * By which channels of which one is told
   */
  channels: {
    SERVICE: Channels;
    LAPSE_NOTICES: Channels;
    CAMPAIGNS: Channels;
  };
  /**
   * By the programme's clocks; may pass midnight, and is the whole day where both are the same
   */
  quietHours: {
    from: string;
    to: string;
  } | null;
  language: 'zh-CN' | 'en';
  changedAt: {
    /**
     * null: as it was given to everybody
     */
    interests: string | null;
    /**
     * null: as it was given to everybody
     */
    quietHours: string | null;
    /**
     * null: as it was given to everybody
     */
    language: string | null;
    channels: {
      SERVICE: {
        /**
         * null: as it was given to everybody
         */
        SMS: string | null;
        /**
         * null: as it was given to everybody
         */
        WECHAT: string | null;
        /**
         * null: as it was given to everybody
         */
        PUSH: string | null;
        /**
         * null: as it was given to everybody
         */
        EMAIL: string | null;
      };
      LAPSE_NOTICES: {
        /**
         * null: as it was given to everybody
         */
        SMS: string | null;
        /**
         * null: as it was given to everybody
         */
        WECHAT: string | null;
        /**
         * null: as it was given to everybody
         */
        PUSH: string | null;
        /**
         * null: as it was given to everybody
         */
        EMAIL: string | null;
      };
      CAMPAIGNS: {
        /**
         * null: as it was given to everybody
         */
        SMS: string | null;
        /**
         * null: as it was given to everybody
         */
        WECHAT: string | null;
        /**
         * null: as it was given to everybody
         */
        PUSH: string | null;
        /**
         * null: as it was given to everybody
         */
        EMAIL: string | null;
      };
    };
  };
}
export interface Channels {
  SMS: boolean;
  WECHAT: boolean;
  PUSH: boolean;
  EMAIL: boolean;
}
export interface Wishes {
  /**
   * Each counts once
   *
   * @maxItems 20
   */
  interests: string[];
  /**
   * By which channels of which one is told
   */
  channels: {
    SERVICE: Channels;
    LAPSE_NOTICES: Channels;
    CAMPAIGNS: Channels;
  };
  /**
   * By the programme's clocks; may pass midnight, and is the whole day where both are the same
   */
  quietHours: {
    from: string;
    to: string;
  } | null;
  language: 'zh-CN' | 'en';
}
export interface Address {
  addressId: string;
  recipient: string;
  phone: string;
  address: string;
  isDefault: boolean;
}
/**
 * Who gets it, and where
 */
export interface ShipTo {
  recipient: string;
  /**
   * E.164, or a mainland number without +86
   */
  phone: string;
  address: string;
}
export interface Consent {
  purpose: 'PRIVACY_POLICY' | 'PROFILE' | 'LOCATION' | 'MARKETING' | 'SUBSCRIBE_MESSAGES' | 'STEPS';
  version: string;
  granted: boolean;
  /**
   * An instant, ISO 8601 with offset
   */
  at: string;
}
export interface NewConsent {
  purpose: 'PRIVACY_POLICY' | 'PROFILE' | 'LOCATION' | 'MARKETING' | 'SUBSCRIBE_MESSAGES' | 'STEPS';
  /**
   * Of the text that was shown
   */
  version: string;
  granted: boolean;
}
export interface AuditRecord {
  /**
   * Who did it: `client:` or `person:` and an id
   */
  clientId: string;
  /**
   * Its place in the chain of whoever did it
   */
  seq: number;
  /**
   * An instant, ISO 8601 with offset
   */
  at: string;
  /**
   * What was done: contract and row; of an operator at a switch `switches.off:spend`
   */
  act: string;
  /**
   * To what, or to whom
   */
  subject: string;
  why: string | null;
  /**
   * Digest of what the subject said before
   */
  before: string | null;
  after: string | null;
  /**
   * The proposal that was approved by it
   */
  approval: string | null;
  /**
   * The network that it came from
   */
  from: string | null;
  requestId: string | null;
  /**
   * SHA-256 of the hash before it and of this record
   */
  hash: string;
}
export interface StaffPerson {
  staffId: string;
  userName: string;
  status: 'INVITED' | 'ENROLLING' | 'ACTIVE';
  roles: string[];
  /**
   * An instant, ISO 8601 with offset
   */
  createdAt: string;
}
export interface Invitation {
  staffId: string;
  /**
   * A secret: hand it over by a way of your own, it is not sent
   */
  invitation: string;
  /**
   * An instant, ISO 8601 with offset
   */
  expiresAt: string;
}
export interface Proposal {
  approvalId: string;
  /**
   * An instant, ISO 8601 with offset
   */
  expiresAt: string;
}
export interface UnmaskedMember {
  memberId: string;
  phone: string | null;
}
export interface StaffSession {
  accessToken: string;
  tokenType: 'Bearer';
  expiresInSeconds: number;
  refreshToken: string;
  staffId: string;
  permissions: string[];
}
/**
 * RFC 6749 §5.1; errors as §5.2 with status 400 or 401
 */
export interface OAuth2Token {
  access_token?: string;
  token_type?: 'Bearer';
  expires_in?: number;
  scope?: string;
  error?: string;
  error_description?: string;
}
export interface NewOAuth2Client {
  clientId: string;
  /**
   * A till or a shop, or a tool of the staff
   */
  kind: 'partner' | 'staff';
  name: string;
  grants: string[];
  status: 'ENABLED' | 'DISABLED';
  /**
   * How many requests a minute a partner has; 600 when nothing is said
   */
  requestsPerMinute: number;
  /**
   * The oldest first, two at most
   */
  secrets: {
    secretId: string;
    /**
     * An instant, ISO 8601 with offset
     */
    createdAt: string;
  }[];
  /**
   * An instant, ISO 8601 with offset
   */
  createdAt: string;
  secretId: string;
  /**
   * Given out here alone
   */
  clientSecret: string;
}
export interface OAuth2Client {
  clientId: string;
  /**
   * A till or a shop, or a tool of the staff
   */
  kind: 'partner' | 'staff';
  name: string;
  grants: string[];
  status: 'ENABLED' | 'DISABLED';
  /**
   * How many requests a minute a partner has; 600 when nothing is said
   */
  requestsPerMinute: number;
  /**
   * The oldest first, two at most
   */
  secrets: {
    secretId: string;
    /**
     * An instant, ISO 8601 with offset
     */
    createdAt: string;
  }[];
  /**
   * An instant, ISO 8601 with offset
   */
  createdAt: string;
}
export interface NewClientSecret {
  secretId: string;
  /**
   * Given out here alone
   */
  clientSecret: string;
  /**
   * An instant, ISO 8601 with offset
   */
  createdAt: string;
}
export interface NewWebhook {
  /**
   * https, on a host that all the world reaches
   */
  url: string;
  /**
   * The names of events
   *
   * @minItems 1
   * @maxItems 50
   */
  events: string[];
}
export interface MadeWebhook {
  webhookId: string;
  clientId: string;
  url: string;
  events: string[];
  /**
   * DISABLED after five days in which nothing arrived
   */
  status: 'ENABLED' | 'DISABLED';
  failingSince: string | null;
  /**
   * An instant, ISO 8601 with offset
   */
  createdAt: string;
  /**
   * Signs what is sent (Standard Webhooks); given out here alone
   */
  secret: string;
}
export interface Webhook {
  webhookId: string;
  clientId: string;
  url: string;
  events: string[];
  /**
   * DISABLED after five days in which nothing arrived
   */
  status: 'ENABLED' | 'DISABLED';
  failingSince: string | null;
  /**
   * An instant, ISO 8601 with offset
   */
  createdAt: string;
}
export interface WebhookDelivery {
  /**
   * `webhook-id` of every try
   */
  eventId: string;
  event: string;
  /**
   * An instant, ISO 8601 with offset
   */
  happenedAt: string;
  status: 'PENDING' | 'DELIVERED' | 'DEAD';
  tries: number;
  /**
   * An instant, ISO 8601 with offset
   */
  triedAt: string;
  nextAt: string | null;
  /**
   * Of the last try: a status, or why there is none
   */
  outcome: string | null;
}
export interface WebhookRedelivery {
  /**
   * What happened from then on
   */
  since: string;
}
export interface QueuedRedelivery {
  /**
   * So many that were DEAD are sent again within five minutes, under the same ids
   */
  queued: number;
  /**
   * There may be more: ask again with this as `since`
   */
  goesOnFrom: string | null;
}
export interface Programme {
  version: number;
  timeZone: string;
  /**
   * @minItems 1
   * @maxItems 10
   */
  currencies: {
    code: string;
    name: {
      zh: string;
      en: string;
    };
    expiry: Expiry;
  }[];
  earning: {
    /**
     * 10,000 = 1 point for each yuan
     */
    rateBps: number;
    rounding: 'FLOOR' | 'ROUND_HALF_UP' | 'CEIL';
    /**
     * For how many days what a purchase earns is pending; 0: available at once
     */
    availableAfterDays: number;
  };
  /**
   * What a return does when the points it takes back are gone
   */
  shortage: 'DEBT' | 'CLAMP' | 'OFFSET_CASH';
  refund: {
    /**
     * Whether points that come back after their last day because of the shop get days of grace
     */
    policy: 'ORIGINAL_LOT' | 'ORIGINAL_LOT_WITH_GRACE';
    graceDays: number;
  };
  /**
   * How much a member may give to others: at once, and in one day of the programme
   */
  transfers: {
    maxPoints: number;
    maxPointsPerDay: number;
  };
  adjustments?: {
    /**
     * More points adjusted or merged at once take a second person, and so does what somebody, with the clients that they made, adjusts and merges beyond ten times as many on one day of the programme; 10,000 when absent
     */
    maxPointsAlone: number;
  };
  returnsUntilDays: number;
  /**
   * `take` of one currency become `give` of the other
   *
   * @maxItems 20
   */
  exchange: {
    from: string;
    to: string;
    take: number;
    give: number;
  }[];
}
export interface ProgrammeChange {
  /**
   * The version that this change was made from; refused when it is no longer the newest
   */
  version?: number;
  /**
   * Fixed at deployment: only the same value is taken
   */
  timeZone?: string;
  /**
   * @minItems 1
   * @maxItems 10
   */
  currencies: {
    code: string;
    name: {
      zh: string;
      en: string;
    };
    expiry: Expiry;
  }[];
  earning: {
    /**
     * 10,000 = 1 point for each yuan
     */
    rateBps: number;
    rounding: 'FLOOR' | 'ROUND_HALF_UP' | 'CEIL';
    /**
     * For how many days what a purchase earns is pending; 0: available at once
     */
    availableAfterDays: number;
  };
  /**
   * What a return does when the points it takes back are gone
   */
  shortage: 'DEBT' | 'CLAMP' | 'OFFSET_CASH';
  refund: {
    /**
     * Whether points that come back after their last day because of the shop get days of grace
     */
    policy: 'ORIGINAL_LOT' | 'ORIGINAL_LOT_WITH_GRACE';
    graceDays: number;
  };
  /**
   * How much a member may give to others: at once, and in one day of the programme
   */
  transfers: {
    maxPoints: number;
    maxPointsPerDay: number;
  };
  adjustments?: {
    /**
     * More points adjusted or merged at once take a second person, and so does what somebody, with the clients that they made, adjusts and merges beyond ten times as many on one day of the programme; 10,000 when absent
     */
    maxPointsAlone: number;
  };
  returnsUntilDays: number;
  /**
   * `take` of one currency become `give` of the other
   *
   * @maxItems 20
   */
  exchange: {
    from: string;
    to: string;
    take: number;
    give: number;
  }[];
}
export interface Product {
  productId: string;
  name: {
    zh: string;
    en: string;
  };
  description: {
    zh: string;
    en: string;
  } | null;
  /**
   * Points for one piece
   */
  pricePoints: number;
  status: 'ON_SHELF' | 'OFF_SHELF';
  /**
   * Pieces left
   */
  available: number;
  soldOut: boolean;
  /**
   * An instant, ISO 8601 with offset
   */
  createdAt: string;
}
export interface NewProduct {
  name: {
    zh: string;
    en: string;
  };
  description?: {
    zh: string;
    en: string;
  };
  /**
   * Points for one piece
   */
  pricePoints: number;
  stock: number;
  /**
   * ON_SHELF when absent
   */
  status?: 'ON_SHELF' | 'OFF_SHELF';
}
export interface ProductChange {
  name?: {
    zh: string;
    en: string;
  };
  description?: {
    zh: string;
    en: string;
  };
  /**
   * Points for one piece
   */
  pricePoints?: number;
  status?: 'ON_SHELF' | 'OFF_SHELF';
}
export interface PointsAccount {
  currency: string;
  available: number;
  /**
   * Granted, not yet available
   */
  pending: number;
  held: number;
  /**
   * Owed after a return; the next points pay it first
   */
  debt: number;
  /**
   * Whether staff have stopped spending
   */
  frozen: boolean;
  /**
   * What lapses next, and when; null when nothing will
   */
  nextLapse: {
    amount: number;
    /**
     * A day in the programme's time zone
     */
    lastDay: string;
    /**
     * An instant, ISO 8601 with offset
     */
    lapsesAt: string;
  } | null;
  /**
   * What is available by last valid day, earliest first
   */
  lots: {
    /**
     * A day in the programme's time zone
     */
    lastDay: string;
    amount: number;
    /**
     * A grace lot, made by a late refund
     */
    grace: boolean;
  }[];
  lifetime: {
    earned: number;
    spent: number;
    refunded: number;
    clawedBack: number;
    lapsed: number;
    /**
     * To other members
     */
    given: number;
    /**
     * From other members
     */
    received: number;
    /**
     * Into other currencies
     */
    exchangedOut: number;
    /**
     * Out of other currencies
     */
    exchangedIn: number;
  };
  /**
   * An instant, ISO 8601 with offset
   */
  asOf: string;
}
export interface PointsEntry {
  id: string;
  kind:
    | 'EARN'
    | 'ACTIVATE'
    | 'SPEND'
    | 'HOLD'
    | 'CAPTURE'
    | 'RELEASE'
    | 'REFUND'
    | 'CLAWBACK'
    | 'EXPIRE'
    | 'ADJUST_UP'
    | 'ADJUST_DOWN'
    | 'TRANSFER_OUT'
    | 'TRANSFER_IN'
    | 'EXCHANGE_OUT'
    | 'EXCHANGE_IN'
    | 'MERGE_OUT'
    | 'MERGE_IN'
    | 'FREEZE'
    | 'THAW'
    | 'DEBT_PAID';
  /**
   * The change of what is available; over all lines they add up to it
   */
  amount: number;
  /**
   * The change of what is pending, where it waits before it is available
   */
  pending: number;
  balanceAfter: number;
  reason: {
    zh: string;
    en: string;
  };
  reference: string;
  /**
   * When it became true
   */
  at: string;
  /**
   * An instant, ISO 8601 with offset
   */
  occurredAt: string;
  /**
   * Last valid day of the (earliest) lot it touched
   */
  lastDay: string | null;
  lots: {
    /**
     * A day in the programme's time zone
     */
    lastDay: string;
    amount: number;
    /**
     * A grace lot, made by a late refund
     */
    grace: boolean;
  }[];
}
export interface Notice {
  currency: string;
  /**
   * How much lapses when that day ends, unless it is spent before
   */
  amount: number;
  /**
   * A day in the programme's time zone
   */
  lastDay: string;
  /**
   * An instant, ISO 8601 with offset
   */
  lapsesAt: string;
  /**
   * 30, 7 or 1; fewer when it was told late
   */
  daysLeft: number;
  text: {
    zh: string;
    en: string;
  };
  /**
   * An instant, ISO 8601 with offset
   */
  at: string;
}
export interface NewTransfer {
  /**
   * Another member
   */
  to:
    | {
        /**
         * E.164, or a mainland number without +86
         */
        phone: string;
      }
    | {
        memberId: string;
      };
  /**
   * Points, a whole number
   */
  points: number;
  /**
   * POINTS when absent
   */
  currency?: string;
}
export interface Transfer {
  transferId: string;
  points: number;
  currency: string;
  /**
   * What was given, by last valid day: they keep their days
   */
  lots: {
    /**
     * A day in the programme's time zone
     */
    lastDay: string;
    amount: number;
    /**
     * A grace lot, made by a late refund
     */
    grace: boolean;
  }[];
  /**
   * What the giver had left
   */
  balanceAfter: number;
  /**
   * An instant, ISO 8601 with offset
   */
  at: string;
}
export interface NewExchange {
  from: string;
  to: string;
  /**
   * How much of `from` to exchange; what does not convert stays
   */
  points: number;
}
export interface Exchange {
  exchangeId: string;
  from: string;
  to: string;
  /**
   * What was taken of `from`: only what converts
   */
  taken: number;
  /**
   * What came of `to`
   */
  given: number;
  /**
   * What came, by last valid day: never a later one than what was taken had
   */
  lots: {
    /**
     * A day in the programme's time zone
     */
    lastDay: string;
    amount: number;
    /**
     * A grace lot, made by a late refund
     */
    grace: boolean;
  }[];
  /**
   * What was left of `from`
   */
  balanceAfter: number;
  /**
   * An instant, ISO 8601 with offset
   */
  at: string;
}
export interface NewHold {
  /**
   * Whose points; only somebody who is a member already
   */
  member:
    | {
        /**
         * E.164, or a mainland number without +86
         */
        phone: string;
      }
    | {
        memberId: string;
      }
    | {
        externalId: string;
      }
    | {
        /**
         * What the member shows (`GET /v1/me/code`); it counts once
         */
        code: string;
      };
  /**
   * Points, a whole number
   */
  points: number;
  /**
   * POINTS when absent
   */
  currency?: string;
  /**
   * How long; 15 when absent
   */
  minutes?: number;
  /**
   * For the caller alone; members do not see it
   */
  note?: string;
}
export interface Hold {
  holdId: string;
  memberId: string;
  currency: string;
  /**
   * How many points were set aside
   */
  points: number;
  status: 'HELD' | 'CAPTURED' | 'RELEASED' | 'TIMED_OUT';
  note: string | null;
  /**
   * An instant, ISO 8601 with offset
   */
  heldAt: string;
  /**
   * From this instant the hold has timed out, and its points go back
   */
  expiresAt: string;
  /**
   * What became of the points; null until that is written down
   */
  ended: {
    /**
     * An instant, ISO 8601 with offset
     */
    at: string;
    /**
     * Used
     */
    captured: number;
    /**
     * Went back to the member
     */
    returned: number;
    /**
     * Came back after its last day, and was gone at once
     */
    lapsed: number;
  } | null;
}
export interface UploadReport {
  batch: string;
  dryRun: boolean;
  rows: number;
  /**
   * Rows that count from now on
   */
  accepted: number;
  /**
   * Rows that counted before
   */
  known: number;
  /**
   * Rows that were decided against; each says why
   */
  refused: number;
  /**
   * What the rows that count give in all
   */
  points: number;
  results: {
    /**
     * Counted from 1; the header has a line too
     */
    line: number;
    outcome: 'ACCEPTED' | 'KNOWN' | 'REFUSED';
    /**
     * Null for a member whom only the upload itself makes
     */
    memberId: string | null;
    currency: string;
    /**
     * Points, a whole number
     */
    points: number;
    /**
     * A day in the programme's time zone
     */
    lastDay: string;
    /**
     * Why it was refused
     */
    code?: string;
  }[];
}
export interface StaffPointsAccount {
  currency: string;
  available: number;
  /**
   * Granted, not yet available
   */
  pending: number;
  held: number;
  /**
   * Owed after a return; the next points pay it first
   */
  debt: number;
  /**
   * Whether staff have stopped spending
   */
  frozen: boolean;
  /**
   * What lapses next, and when; null when nothing will
   */
  nextLapse: {
    amount: number;
    /**
     * A day in the programme's time zone
     */
    lastDay: string;
    /**
     * An instant, ISO 8601 with offset
     */
    lapsesAt: string;
  } | null;
  /**
   * What is available by last valid day, earliest first
   */
  lots: {
    /**
     * A day in the programme's time zone
     */
    lastDay: string;
    amount: number;
    /**
     * A grace lot, made by a late refund
     */
    grace: boolean;
  }[];
  lifetime: {
    earned: number;
    spent: number;
    refunded: number;
    clawedBack: number;
    lapsed: number;
    /**
     * To other members
     */
    given: number;
    /**
     * From other members
     */
    received: number;
    /**
     * Into other currencies
     */
    exchangedOut: number;
    /**
     * Out of other currencies
     */
    exchangedIn: number;
  };
  /**
   * An instant, ISO 8601 with offset
   */
  asOf: string;
  /**
   * Who took this account over; null while it is open
   */
  mergedInto: string | null;
}
export interface Adjustment {
  adjustmentId: string;
  memberId: string;
  currency: string;
  direction: 'UP' | 'DOWN';
  /**
   * Points, a whole number
   */
  points: number;
  /**
   * What went in, or was taken
   */
  lots: {
    /**
     * A day in the programme's time zone
     */
    lastDay: string;
    amount: number;
    /**
     * A grace lot, made by a late refund
     */
    grace: boolean;
  }[];
  /**
   * What was missing and is owed
   */
  owed: number;
  /**
   * What was missing and is not owed
   */
  lost: number;
  /**
   * Why, for the record: it is kept for ever, so it names nobody, and no phone is taken in it
   */
  reason: string;
  /**
   * Whose it is: `client:` or `person:` and an id
   */
  by: string;
  /**
   * An instant, ISO 8601 with offset
   */
  at: string;
  undone: {
    /**
     * Why, for the record: it is kept for ever, so it names nobody, and no phone is taken in it
     */
    reason: string;
    by: string;
    /**
     * An instant, ISO 8601 with offset
     */
    at: string;
    owed: number;
    /**
     * What came back after its last day, and was gone at once
     */
    lapsed: number;
  } | null;
}
export interface Approval {
  approvalId: string;
  /**
   * What would be done
   */
  act: 'orders.merge' | 'points-staff.adjust' | 'privacy.eraseMember' | 'programme.replace' | 'staff.changeRoles';
  /**
   * To what, or to whom
   */
  subject: string;
  /**
   * What was asked, as its route takes it
   */
  body: {
    [k: string]: unknown;
  };
  /**
   * Of the body, as the records have it
   */
  digest: string;
  reason: string;
  status: 'OPEN' | 'APPROVED' | 'REJECTED' | 'EXPIRED';
  /**
   * Who proposed it
   */
  by: string;
  /**
   * An instant, ISO 8601 with offset
   */
  proposedAt: string;
  /**
   * An instant, ISO 8601 with offset
   */
  expiresAt: string;
  decidedBy: string | null;
  decidedAt: string | null;
  decidedReason: string | null;
  /**
   * The id of what came of it: an adjustment, a member, a person, or a version
   */
  result: string | null;
}
export interface NewPurchase {
  /**
   * What makes a purchase one, for ever, whatever the Idempotency-Key: unique in the whole programme, so prefix it with the system it comes from
   */
  number: string;
  /**
   * Money in fen (1/100 yuan), a whole number
   */
  amountFen: number;
  /**
   * Whose purchase it is. A phone or external id that is not known yet becomes a member.
   */
  member:
    | {
        /**
         * E.164, or a mainland number without +86
         */
        phone: string;
      }
    | {
        memberId: string;
      }
    | {
        externalId: string;
      }
    | {
        /**
         * What the member shows (`GET /v1/me/code`); it counts once
         */
        code: string;
      };
  /**
   * @minItems 1
   * @maxItems 100
   */
  lines?: NewPurchaseLine[];
  /**
   * When it happened; now when absent. At most 7 days ago, at most 5 minutes ahead. With the scope `purchases:backfill` any time that has passed: then it also counts from that time, or from the account’s last movement where that is later.
   */
  occurredAt?: string;
}
export interface NewPurchaseLine {
  /**
   * The caller's id of the line, unique in the purchase
   */
  line: string;
  sku?: string;
  quantity: number;
  /**
   * What all pieces of the line cost together
   */
  amountFen: number;
  /**
   * Whether it counts for points; true when absent
   */
  earns?: boolean;
}
export interface Purchase {
  purchaseId: string;
  /**
   * What makes a purchase one, for ever, whatever the Idempotency-Key: unique in the whole programme, so prefix it with the system it comes from
   */
  number: string;
  memberId: string;
  /**
   * Money in fen (1/100 yuan), a whole number
   */
  amountFen: number;
  /**
   * What it earned
   */
  points: number;
  /**
   * Last valid day of these points; null when it earned none
   */
  lastDay: string | null;
  /**
   * The day on which they become available, where they are pending first
   */
  availableOn: string | null;
  /**
   * An instant, ISO 8601 with offset
   */
  occurredAt: string;
  /**
   * An instant, ISO 8601 with offset
   */
  recordedAt: string;
  /**
   * When its points count
   */
  effectiveAt: string;
  lines?: PurchaseLine[];
  /**
   * How much of it has been returned by now
   */
  returnedFen: number;
  /**
   * How many of its points returns have taken back by now
   */
  clawedBack: number;
}
export interface PurchaseLine {
  /**
   * The caller's id of the line, unique in the purchase
   */
  line: string;
  sku?: string;
  quantity: number;
  amountFen: number;
  earns: boolean;
}
export interface NewReturn {
  /**
   * What makes a return one, for ever: unique among returns in the whole programme
   */
  number: string;
  /**
   * The number of the purchase
   */
  purchase: string;
  /**
   * How much is returned; where some lines of the purchase do not earn, only all that is left of it
   */
  amountFen?: number;
  /**
   * Which pieces are returned; either this or amountFen
   *
   * @minItems 1
   * @maxItems 100
   */
  lines?: {
    /**
     * The caller's id of the line, unique in the purchase
     */
    line: string;
    /**
     * All that is left if absent
     */
    quantity?: number;
  }[];
  /**
   * When it happened; now when absent. At most 7 days ago, at most 5 minutes ahead. With the scope `purchases:backfill` any time that has passed: then it also counts from that time, or from the account’s last movement where that is later.
   */
  occurredAt?: string;
}
export interface Return {
  returnId: string;
  /**
   * What makes a return one, for ever: unique among returns in the whole programme
   */
  number: string;
  /**
   * What makes a purchase one, for ever, whatever the Idempotency-Key: unique in the whole programme, so prefix it with the system it comes from
   */
  purchase: string;
  memberId: string;
  amountFen: number;
  lines?: {
    /**
     * The caller's id of the line, unique in the purchase
     */
    line: string;
    quantity: number;
    amountFen: number;
  }[];
  /**
   * What it takes back of what the purchase earned: taken + counted + owed + lost + offset
   */
  points: number;
  /**
   * Taken from what was pending or available
   */
  taken: number;
  /**
   * Had lapsed unspent: nothing more is taken for it
   */
  counted: number;
  /**
   * Was spent, and is a debt now
   */
  owed: number;
  /**
   * Was spent, and is given up
   */
  lost: number;
  /**
   * Was spent, and is for the till to take from the cash that it pays back
   */
  offset: number;
  /**
   * How much of the purchase can still be returned, as of this answer
   */
  leftFen: number;
  /**
   * An instant, ISO 8601 with offset
   */
  occurredAt: string;
  /**
   * An instant, ISO 8601 with offset
   */
  recordedAt: string;
  /**
   * When it counts
   */
  effectiveAt: string;
}
export interface NewOrder {
  productId: string;
  /**
   * 1 when absent
   */
  quantity?: number;
  /**
   * The price of one piece that the member saw; refused when it is another by now
   */
  pricePoints?: number;
  /**
   * Where to send it, or one of the member's addresses; without it the gift is collected
   */
  shipTo?:
    | ShipTo
    | {
        addressId: string;
      };
}
export interface Order {
  orderId: string;
  status: 'PENDING_SHIPMENT' | 'IN_TRANSIT' | 'RECEIVED' | 'CANCELLED';
  product: {
    productId: string;
    name: {
      zh: string;
      en: string;
    };
    /**
     * Points for one piece
     */
    pricePoints: number;
  };
  quantity: number;
  /**
   * What it cost
   */
  points: number;
  shipTo: {
    recipient: string;
    phone: string;
    address: string;
  } | null;
  shipment: {
    carrier: string;
    trackingNumber: string;
  } | null;
  /**
   * After a cancellation: what went back, and how much of it had lapsed meanwhile
   */
  refund: {
    points: number;
    lapsed: number;
  } | null;
  /**
   * An instant, ISO 8601 with offset
   */
  placedAt: string;
  /**
   * Who did what and when, oldest first
   */
  timeline: {
    status: 'PENDING_SHIPMENT' | 'IN_TRANSIT' | 'RECEIVED' | 'CANCELLED';
    /**
     * An instant, ISO 8601 with offset
     */
    at: string;
    by: 'MEMBER' | 'STAFF';
    clientId?: string;
  }[];
}
export interface StaffOrder {
  orderId: string;
  status: 'PENDING_SHIPMENT' | 'IN_TRANSIT' | 'RECEIVED' | 'CANCELLED';
  product: {
    productId: string;
    name: {
      zh: string;
      en: string;
    };
    /**
     * Points for one piece
     */
    pricePoints: number;
  };
  quantity: number;
  /**
   * What it cost
   */
  points: number;
  shipTo: {
    recipient: string;
    phone: string;
    address: string;
  } | null;
  shipment: {
    carrier: string;
    trackingNumber: string;
  } | null;
  /**
   * After a cancellation: what went back, and how much of it had lapsed meanwhile
   */
  refund: {
    points: number;
    lapsed: number;
  } | null;
  /**
   * An instant, ISO 8601 with offset
   */
  placedAt: string;
  /**
   * Who did what and when, oldest first
   */
  timeline: {
    status: 'PENDING_SHIPMENT' | 'IN_TRANSIT' | 'RECEIVED' | 'CANCELLED';
    /**
     * An instant, ISO 8601 with offset
     */
    at: string;
    by: 'MEMBER' | 'STAFF';
    clientId?: string;
  }[];
  memberId: string;
}
export interface MyMerge {
  memberId: string;
  into: string;
  /**
   * An instant, ISO 8601 with offset
   */
  at: string;
  accounts: {
    currency: string;
    /**
     * What was available and went to the heir
     */
    points: number;
    pending: number;
    debt: number;
  }[];
  session: Session;
}
export interface Merge {
  memberId: string;
  into: string;
  /**
   * An instant, ISO 8601 with offset
   */
  at: string;
  accounts: {
    currency: string;
    /**
     * What was available and went to the heir
     */
    points: number;
    pending: number;
    debt: number;
  }[];
}
export interface Export {
  exportId: string;
  /**
   * An instant, ISO 8601 with offset
   */
  madeAt: string;
  /**
   * Of the links; the same request under its key gives new ones for a day
   */
  expiresAt: string;
  /**
   * A link to the file; it says what it holds at most of each kind
   */
  json: string;
  /**
   * A link to the same as rows: section, number, field, value
   */
  csv: string;
}
export interface Erasure {
  /**
   * An instant, ISO 8601 with offset
   */
  erasedAt: string;
}
