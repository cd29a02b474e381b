import * as z from 'zod';
import { contract } from '../../http/contract.ts';
import { instant, uploadId } from '../../http/fields.ts';

/** It reads what browsers send and has S3's clients with it: a function of its own. */
export const avatarsContract = contract(
  'avatars',
  { zh: '会员头像', en: 'The picture of a member' },
  {
    upload: {
      method: 'POST',
      path: '/v1/me/avatar/uploads',
      auth: 'member',
      summary: { zh: '获取头像上传表单', en: 'A form by which a picture can be sent to the store' },
      key: true,
      body: z.strictObject({ contentType: z.enum(['image/jpeg', 'image/png', 'image/webp']) }),
      status: 201,
      response: z.object({
        uploadId,
        url: z.string().meta({ description: 'Where to post it as multipart/form-data' }),
        fields: z
          .record(z.string(), z.string())
          .meta({ description: 'Fields of the form, before the last one: `file`, the picture' }),
        maxBytes: z.int(),
        expiresAt: instant,
      }),
      refusals: ['members.erased', 'members.merged'],
    },
    set: {
      method: 'PUT',
      path: '/v1/me/avatar',
      auth: 'member',
      summary: {
        zh: '将已上传的图片设为头像',
        en: 'Make an uploaded picture mine: at most 4096 pixels wide and high, and of the type that it was sent as',
      },
      body: z.strictObject({ uploadId }),
      status: 204,
      response: z.null(),
      refusals: ['members.upload_not_found', 'members.picture_invalid', 'members.erased', 'members.merged'],
    },
    remove: {
      method: 'DELETE',
      path: '/v1/me/avatar',
      auth: 'member',
      summary: { zh: '删除头像', en: 'Take my picture away' },
      status: 204,
      response: z.null(),
      refusals: ['members.erased', 'members.merged'],
    },
  },
);
